import type { Auth, AuthContext, Credentials } from "./auth.js";
import { toText, type JsonObject } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import type { Selector } from "../select/path.js";
import { expandValue } from "../client/template.js";
import { toForm } from "../bodies/form.js";
import { tokenCredentials, type Token } from "./token.js";
import { readToken, requestToken } from "./token-request.js";

/** The options of `sessionToken`: a login whose response holds a token for all other requests. */
export interface SessionTokenOptions {
  /** A template: absolute, or relative to the base URL. */
  readonly loginUrl: string;
  /** Default `POST`. */
  readonly method?: "GET" | "POST" | "PUT" | undefined;
  /** The login's body as JSON; texts are templates. */
  readonly json?: JsonObject | undefined;
  /** The login's body as a form; texts are templates. */
  readonly form?: JsonObject | undefined;
  /** Of the login; texts are templates. */
  readonly headers?: JsonObject | undefined;
  /** The selector of the token in the response. */
  readonly tokenPath: Selector;
  /** Name of the header, query parameter or cookie that the token goes into. Default `Authorization`. */
  readonly name?: string | undefined;
  /** Default `header`. */
  readonly location?: "header" | "query" | "cookie" | undefined;
  /** The text before the token. Default `Bearer ` if neither `name` nor `location` is given, else nothing. */
  readonly prefix?: string | undefined;
  /** Milliseconds after which to log in again. Default: when the token is refused. */
  readonly expiresInMs?: number | undefined;
}

/** Logs in, and sends the token of the response with all other requests. */
export function sessionToken(options: SessionTokenOptions): Auth {
  const { name = "Authorization", location = "header", expiresInMs = Infinity } = options;
  const { prefix = options.name || options.location ? "" : "Bearer " } = options;
  const type = "session_token";
  const obtain = async (context: AuthContext): Promise<Token> => {
    const start = Date.now();
    const text = await logIn(context, options);
    return { text, expiresAt: start + expiresInMs };
  };
  const toCredentials = (token: string): Credentials => {
    const entry = { [name]: prefix + token };
    if (location === "header") return { headers: entry };
    return location === "cookie" ? { cookies: entry } : { query: entry };
  };
  // A query can only be compared as text.
  const plain = { ...options, tokenPath: options.tokenPath.join(".") };
  return {
    type,
    options,
    credentials: (context) => tokenCredentials({ type, options: plain, obtain, toCredentials }, context),
  };
}

async function logIn(context: AuthContext, options: SessionTokenOptions): Promise<string> {
  const { lookup } = context;
  const fill = async (value: JsonObject): Promise<JsonObject> =>
    (await expandValue(value, lookup)) as JsonObject;
  const { json, form, method = "POST" } = options;
  const headers = Object.entries(await fill(options.headers ?? {})).flatMap(([name, value]) =>
    value === null ? [] : [[name.toLowerCase(), toText(value)] as const],
  );
  const body = json ? JSON.stringify(await fill(json)) : form && toForm(await fill(form));
  const reply = await requestToken(context, {
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
  });
  return readToken(reply, options.tokenPath);
}

/** The spec's `{"type": "session_token"}`. */
export const sessionTokenKind: Kind = /* @__PURE__ */ defineKind<SessionTokenOptions>(() => ({
  family: "auth",
  type: "session_token",
  factory: "sessionToken",
  summary:
    "Logs in with a separate request and sends the token of the response with all other requests. All resources of a client share the token. It is replaced once if the API rejects it.",
  options: {
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
      required: true,
      description: "Selector of the token in the login response.",
    },
    name: {
      type: "text",
      default: "Authorization",
      description: "The name of the header, query parameter or cookie that contains the token.",
    },
    location: {
      type: "choice",
      choices: ["header", "query", "cookie"],
      default: "header",
      description: "The location of the token.",
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
  },
  check: ({ json, form, method }) => [
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
  ],
}));
