import type { Auth, AuthContext, Credentials } from "./auth.js";
import { AuthError, ReadFailure, isReadFailure } from "../errors.js";
import { parseSetCookies } from "../http/set-cookie.js";
import type { HeadersLike, UnsignedRequest } from "../http/transport.js";
import { decode, parseUrl } from "../http/url.js";
import { toText, type JsonObject } from "../json.js";
import { defineKind, type Kind, type KindOptions, type Option, type OptionProblem } from "../kind.js";
import type { Selector } from "../select/path.js";
import { expandValue } from "../client/template.js";
import { toForm } from "../bodies/form.js";
import { tokenCredentials, type Token } from "./token.js";
import { readToken, requestToken } from "./token-request.js";

/** The options of `sessionToken`: a login whose response contains a token for all other requests. */
export interface SessionTokenOptions {
  /** A template: absolute, or relative to the base URL. */
  readonly loginUrl: string;
  /** Default `POST`. */
  readonly method?: "GET" | "POST" | "PUT" | undefined;
  /** The JSON body of the login request; texts are templates. */
  readonly json?: JsonObject | undefined;
  /** The form body of the login request; texts are templates. */
  readonly form?: JsonObject | undefined;
  /** Headers of the login request; texts are templates. */
  readonly headers?: JsonObject | undefined;
  /** The selector of the token in the response. */
  readonly tokenPath?: Selector | undefined;
  /** The response header whose value is the token, instead of `tokenPath`. */
  readonly tokenHeader?: string | undefined;
  /** The cookie in the response whose value is the token, instead of `tokenPath`. */
  readonly tokenCookie?: string | undefined;
  /** Name of the header, query parameter or cookie that contains the token. Default: `Authorization`, or `tokenCookie`. */
  readonly name?: string | undefined;
  /** Default `header`; with `tokenCookie` and without `name`, `cookie`. */
  readonly location?: "header" | "query" | "cookie" | undefined;
  /** The text before the token. Default `Bearer ` if neither `name` nor `location` is given, otherwise none. */
  readonly prefix?: string | undefined;
  /** Milliseconds after which to log in again. Default: when the API rejects the token. */
  readonly expiresInMs?: number | undefined;
}

/** Logs in, and sends the token of the response with all other requests. */
export function sessionToken(options: SessionTokenOptions): Auth {
  const { expiresInMs = Infinity } = options;
  const type = "session_token";
  const obtain = async (context: AuthContext): Promise<Token> => {
    const start = Date.now();
    const text = await logIn(context, options);
    return { text, expiresAt: start + expiresInMs };
  };
  // Schemes with equal options share tokens. A query in the selector can be compared only as text.
  const plain = { ...options, tokenPath: options.tokenPath?.join(".") };
  return {
    type,
    options,
    credentials: (context) => {
      const toCredentials = (token: string): Credentials => place(token, options, context);
      return tokenCredentials({ type, options: plain, obtain, toCredentials }, context);
    },
  };
}

/** Adds the token to a request. */
function place(token: string, options: SessionTokenOptions, { request, redact }: AuthContext): Credentials {
  const { tokenCookie, prefix = options.name || options.location ? "" : "Bearer " } = options;
  const { location = tokenCookie !== undefined && !options.name ? "cookie" : "header" } = options;
  const { name = (location === "cookie" && tokenCookie) || "Authorization" } = options;
  if (location !== "cookie") {
    // The value of a cookie may be percent-encoded. Headers and query parameters need the decoded value.
    const text = tokenCookie === undefined ? token : decode(token);
    if (text !== token) redact(text);
    const entry = { [name]: prefix + text };
    return location === "header" ? { headers: entry } : { query: entry };
  }
  if (tokenCookie === undefined) return { cookies: { [name]: prefix + token } };
  // The cookie is sent back unchanged. In `cookies`, it would be encoded again.
  const cookie = [request.headers["cookie"], `${name}=${token}`].filter(Boolean).join("; ");
  return { headers: { cookie } };
}

async function logIn(context: AuthContext, options: SessionTokenOptions): Promise<string> {
  const { tokenPath, tokenHeader, tokenCookie } = options;
  const request = await loginRequest(context, options);
  let token = "";
  const observe = ({ status, headers }: { status: number; headers: HeadersLike }): undefined => {
    // Error responses set cookies, too.
    if (status < 400) token = findToken(headers, options) ?? token;
  };
  try {
    const reply = await requestToken(context, request, observe);
    if (tokenPath) return readToken(reply, tokenPath);
  } catch (error) {
    // Once the token is received, neither the body nor the target of a redirect matters.
    if (!token && !(isReadFailure(error) && error.code === "NOT_JSON" && !tokenPath)) throw error;
  }
  if (token) return token;
  const origin = parseUrl(await context.resolveUrl(request.url))?.origin ?? "";
  const what =
    tokenHeader === undefined ? `sets no cookie \`${tokenCookie}\`` : `has no header \`${tokenHeader}\``;
  throw new ReadFailure(AuthError, "NO_CREDENTIALS", `token request to ${origin}: the response ${what}`);
}

/**
 * Returns the token in the headers of a response: empty if the response deletes the cookie, `undefined` if there is no
 * token.
 */
function findToken(
  headers: HeadersLike,
  { tokenHeader, tokenCookie }: SessionTokenOptions,
): string | undefined {
  if (tokenHeader !== undefined) return headers.get(tokenHeader)?.trim() || undefined;
  const cookie = parseSetCookies(headers.get("set-cookie"))
    .filter(({ name }) => name === tokenCookie)
    .at(-1);
  return cookie && cookie.expiresAt <= Date.now() ? "" : cookie?.value;
}

async function loginRequest(context: AuthContext, options: SessionTokenOptions): Promise<UnsignedRequest> {
  const { lookup } = context;
  const fill = async (value: JsonObject): Promise<JsonObject> =>
    (await expandValue(value, lookup)) as JsonObject;
  const { json, form, method = "POST" } = options;
  const headers = Object.entries(await fill(options.headers ?? {})).flatMap(([name, value]) =>
    value === null ? [] : [[name.toLowerCase(), toText(value)] as const],
  );
  const body = json ? JSON.stringify(await fill(json)) : form && toForm(await fill(form));
  return {
    method,
    url: await context.expand(options.loginUrl),
    headers: {
      accept: "application/json",
      ...(body !== undefined && {
        "content-type": json ? "application/json" : "application/x-www-form-urlencoded",
      }),
      ...Object.fromEntries(headers),
    },
    ...(body !== undefined && { body }),
  };
}

/** The spec's `{"type": "session_token"}`. */
export const sessionTokenKind: Kind = /* @__PURE__ */ defineKind<SessionTokenOptions>(() => ({
  family: "auth",
  type: "session_token",
  factory: "sessionToken",
  summary:
    "Logs in with a separate request and sends the token of the response with all other requests. All resources of a client share the token. It is replaced once if the API rejects it.",
  options: optionRows(),
  check: ({ json, form, method, tokenPath, tokenHeader, tokenCookie }) => [
    ...checkSources({ tokenPath, tokenHeader, tokenCookie }),
    ...(json && form
      ? [{ option: "form", message: "`json` and `form` are mutually exclusive: remove one of them" }]
      : []),
    ...(method === "GET" && (json || form)
      ? [
          {
            option: "method",
            message: "a GET request has no body: remove `json` and `form`, or use another method",
          },
        ]
      : []),
  ],
  phrase: () => "a session token",
  examples: [
    {
      type: "session_token",
      login_url: "/login",
      json: { user: "{secrets.username}", password: "{secrets.password}" },
      token_path: "data.token",
    },
    {
      type: "session_token",
      login_url: "https://auth.example.com/session",
      form: { key: "{secrets.api_key}" },
      headers: { "X-Tenant": "{config.tenant}" },
      token_path: "sid",
      name: "X-Session",
      expires_in: 1800,
    },
    {
      type: "session_token",
      login_url: "/login",
      json: { key: "{secrets.api_key}" },
      token_header: "X-Token",
    },
    {
      type: "session_token",
      login_url: "/login",
      form: { user: "{secrets.username}", password: "{secrets.password}" },
      token_cookie: "sid",
    },
  ],
}));

/** Reports a token with no source, or with several. */
function checkSources(sources: KindOptions): readonly OptionProblem[] {
  const given = Object.keys(sources).filter((name) => sources[name] !== undefined);
  if (given.length === 1) return [];
  const choice = "`token_path`, `token_header` or `token_cookie`";
  if (given.length === 0)
    return [{ message: `the login response needs a place of the token: add ${choice}` }];
  return given
    .slice(1)
    .map((option) => ({ option, message: `only one of ${choice} can be given: remove the others` }));
}

function optionRows(): { readonly [K in keyof Required<SessionTokenOptions>]: Option } {
  return {
    loginUrl: {
      type: "template",
      required: true,
      description: "The login URL: an absolute URL, or a path relative to `base_url`.",
    },
    method: {
      type: "choice",
      choices: ["GET", "POST", "PUT"],
      default: "POST",
      description: "The method of the login request.",
    },
    json: { type: "object", description: "The JSON body of the login request." },
    form: { type: "object", description: "The form body of the login request." },
    headers: { type: "object", description: "Headers of the login request." },
    tokenPath: {
      type: "selector",
      description: "Selector of the token in the login response.",
    },
    tokenHeader: {
      type: "text",
      description: "The header of the login response that is the token. The body need not be JSON.",
    },
    tokenCookie: {
      type: "text",
      description:
        "The cookie that the login response, or a redirect after it, sets. Its value is the token. The body need not be JSON.",
    },
    name: {
      type: "text",
      description:
        "The name of the header, query parameter or cookie that contains the token. Default: `Authorization`; for a cookie, that of `token_cookie`.",
    },
    location: {
      type: "choice",
      choices: ["header", "query", "cookie"],
      description:
        "The location of the token. Default: `header`; with `token_cookie` and without `name`, `cookie`.",
    },
    prefix: {
      type: "text",
      description:
        "Text before the token. Default: `Bearer ` if `name` and `location` are omitted too, otherwise none.",
    },
    expiresInMs: {
      type: "duration",
      description: "How long a login is valid. Default: until the API rejects the token.",
    },
  };
}
