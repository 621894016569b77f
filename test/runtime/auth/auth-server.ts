import type { ServerResponse } from "node:http";
import type { ClientOptions, RecordStream, Source } from "../../../runtime/src/index.js";
import { open as openOverFetch, type Open, type Row } from "../fixtures.js";
import { answer, answerJson, serve, type Seen, type TestServer } from "../server.js";

/** A request with its body. */
export interface Received extends Seen {
  readonly body: string;
  /** The body read as a form. */
  readonly form: Readonly<Record<string, string>>;
}

/** A server of an API and its tokens. */
export interface AuthServer extends TestServer {
  /** The requests to `/token` and below. */
  readonly tokens: readonly Received[];
  /** All other requests. */
  readonly reads: readonly Received[];
}

/** The responses of a test's server. */
export interface Answers {
  /** Responds to the n-th token request, 1-based. */
  readonly token?: (response: ServerResponse, n: number, request: Received) => void;
  /** Whether a request to the API is accepted. Default: a request with the newest token. */
  readonly isGood?: (request: Received, issued: number) => boolean;
  /** Pages of the API; default 1. */
  readonly pages?: number;
}

/** The n-th token of a test's server. */
export function tokenOf(n: number): string {
  return `s3cr-token-${n}`;
}

/** Responds with a token that is valid for an hour. */
export function issueToken(response: ServerResponse, n: number): void {
  answerJson(response, { access_token: tokenOf(n), token_type: "bearer", expires_in: 3600 });
}

/** Starts a server that issues tokens at `/token`, and sends pages of one row to requests with a token. */
export async function serveAuth(answers: Answers = {}): Promise<AuthServer> {
  const { token = issueToken, pages = 1 } = answers;
  const isGood = answers.isGood ?? (({ headers }, n) => headers.authorization === `Bearer ${tokenOf(n)}`);
  const tokens: Received[] = [];
  const reads: Received[] = [];
  const server = await serve((seen, response) => {
    void readBody(response).then((body) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const request: Received = { ...seen, body, form };
      if (seen.path.startsWith("/token")) {
        tokens.push(request);
        token(response, tokens.length, request);
        return;
      }
      reads.push(request);
      const page = Number(seen.query.get("page") ?? 1);
      if (isGood(request, tokens.length)) answerJson(response, { items: [{ id: page }], total: pages });
      else answer(response, 401, { body: "{}" });
    });
  });
  return { ...server, tokens, reads };
}

async function readBody({ req }: ServerResponse): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** The secrets of the tests' token schemes. */
export const secrets = {
  clientId: "s3cr-id",
  clientSecret: "s3cr+sec/ret: ä",
  refreshToken: "s3cr-refresh-0",
  signingKey: "s3cr-signing-key",
  password: 's3cr"pass"',
};

/** The options that contain the secrets. */
export const placeholders: NonNullable<Source["options"]> = Object.fromEntries(
  ["client_id", "client_secret", "refresh_token", "signing_key", "password", "api_key"].map((name) => {
    const option = name.replace(/_(\w)/, (_, letter: string) => letter.toUpperCase());
    return [`secrets.${name}`, { option, env: `SHOP_${name.toUpperCase()}` }];
  }),
);

/** Creates a reader of a source with this auth; all its reads share one client. */
export function reader(
  url: string,
  given: {
    readonly auth: Source["auth"];
    readonly source?: Partial<Source>;
    readonly options?: ClientOptions & Readonly<Record<string, unknown>>;
    readonly open?: Open;
  },
): (read?: Parameters<ReturnType<Open>>[0]) => RecordStream<Row> {
  const { auth, source, options, open = openOverFetch } = given;
  return open({
    url,
    source: {
      ...(auth && { auth }),
      options: placeholders,
      optionNames: Object.keys(options ?? {}),
      ...source,
    },
    options: { ...secrets, ...options },
  });
}
