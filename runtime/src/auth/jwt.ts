import type { Auth, AuthContext } from "./auth.js";
import type { JsonObject } from "../json.js";
import { defineKind, type Kind, type Option } from "../kind.js";
import { expandValue } from "../client/template.js";
import type { Selector } from "../select/path.js";
import { signJwt, type JwtAlgorithm, type JwtKey } from "./jwt-sign.js";
import { postGrant, tokenEndpointRows, type TokenEndpointOptions } from "./oauth2.js";
import { endOf, tokenCredentials, type Token } from "./token.js";
import { readLifetime, readToken, requestToken, type TokenResponse } from "./token-request.js";

/** The options of `jwt`: a JSON Web Token (RFC 7519), sent unchanged or exchanged for another token (RFC 7523). */
export interface JwtOptions extends Omit<TokenEndpointOptions, "accessToken" | "accessTokenExpiresInMs"> {
  /** Default `RS256`. */
  readonly algorithm?: JwtAlgorithm | undefined;
  /** A template, usually `{secrets.signing_key}`: a private key as PEM, or with `HS…` the shared secret. */
  readonly signingKey: string;
  /** The encoding of the key. `base64`: the whole key is base64-encoded. Default `text`. */
  readonly keyEncoding?: JwtKey["encoding"] | undefined;
  /** The ID of the key, `kid` in the token's header. A template. */
  readonly keyId?: string | undefined;
  /** The claim `iss`. A template. */
  readonly issuer?: string | undefined;
  /** The claim `sub`. A template. Default with `tokenUrl`: the issuer. */
  readonly subject?: string | undefined;
  /** The claim `aud`. A template. Default with `tokenUrl`: the token URL. */
  readonly audience?: string | undefined;
  /** The claim `scope`. A template. */
  readonly scope?: string | undefined;
  /** Additional claims, which override the ones above; `null` removes a claim. Texts are templates. */
  readonly claims?: JsonObject | undefined;
  /** Milliseconds from `iat` to `exp`. Default 3,600,000. */
  readonly lifetimeMs?: number | undefined;
  /**
   * The token endpoint that exchanges the JWT. A template, absolute or relative to the base URL. Default: the JWT itself is
   * sent.
   */
  readonly tokenUrl?: string | undefined;
  /**
   * How the JWT is exchanged: as an assertion in a form (RFC 7523), or as the bearer token of the request. Default
   * `assertion`.
   */
  readonly exchange?: "assertion" | "bearer" | undefined;
  /** Selector of the access token in the response. Default `access_token`. */
  readonly tokenPath?: Selector | undefined;
}

/** Signs a JSON Web Token, and sends it as a bearer token. With `tokenUrl`, exchanges it first. */
export function jwt(options: JwtOptions): Auth {
  const type = "jwt";
  const obtain = (context: AuthContext): Promise<Token> =>
    options.tokenUrl === undefined
      ? ownToken(context, options)
      : exchange(context, options, options.tokenUrl);
  // Schemes with equal options share tokens. A query in the selector can be compared only as text.
  const plain = { ...options, tokenPath: options.tokenPath?.join(".") };
  return {
    type,
    options,
    credentials: (context) => tokenCredentials({ type, options: plain, obtain }, context),
  };
}

async function ownToken(context: AuthContext, options: JwtOptions): Promise<Token> {
  const { lifetimeMs = 3_600_000, leewayMs } = options;
  return { text: await sign(context, options), expiresAt: endOf(Date.now(), lifetimeMs, leewayMs) };
}

async function exchange(context: AuthContext, options: JwtOptions, tokenUrl: string): Promise<Token> {
  const start = Date.now();
  const { defaultTokenExpirationMs = 3_600_000, leewayMs, tokenPath = ["access_token"] } = options;
  const url = await context.resolveUrl(await context.expand(tokenUrl));
  const reply = await (options.exchange === "bearer" ? postAsBearer : postAsAssertion)(context, url, options);
  return {
    text: readToken(reply, tokenPath),
    expiresAt: endOf(start, readLifetime(reply, defaultTokenExpirationMs), leewayMs),
  };
}

async function postAsAssertion(
  context: AuthContext,
  url: string,
  options: JwtOptions,
): Promise<TokenResponse> {
  const { issuer, subject = issuer } = options;
  const claims = { ...options, ...(subject !== undefined && { subject }) };
  const assertion = await sign(context, claims, { aud: url });
  context.redact(assertion);
  const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  return postGrant(context, url, { fields: { grant_type: grantType, assertion }, options });
}

async function postAsBearer(context: AuthContext, url: string, options: JwtOptions): Promise<TokenResponse> {
  const token = await sign(context, options);
  context.redact(token);
  const data = options.accessTokenRequestData;
  return requestToken(context, {
    method: "POST",
    url,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${token}`,
      ...(data && { "content-type": "application/json" }),
    },
    ...(data && { body: JSON.stringify(await expandValue(data, context.lookup)) }),
  });
}

/** Returns a signed token. Claims of the options override `defaults`. */
async function sign(
  { expand, lookup }: AuthContext,
  options: JwtOptions,
  defaults: JsonObject = {},
): Promise<string> {
  const { algorithm = "RS256", keyEncoding = "text", keyId, lifetimeMs = 3_600_000 } = options;
  const iat = Math.floor(Date.now() / 1000);
  const { issuer: iss, subject: sub, audience: aud, scope } = options;
  const named = Object.entries({ iss, sub, aud, scope }).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  );
  const given: JsonObject = { ...Object.fromEntries(named), ...options.claims };
  const claims = (await expandValue(given, lookup)) as JsonObject;
  const payload: JsonObject = { iat, exp: iat + lifetimeMs / 1000, ...defaults, ...claims };
  return signJwt({
    algorithm,
    key: { text: await expand(options.signingKey), encoding: keyEncoding },
    ...(keyId !== undefined && { keyId: await expand(keyId) }),
    claims: Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null)),
  });
}

/** The spec's `{"type": "jwt"}`. */
export const jwtKind: Kind = /* @__PURE__ */ defineKind<JwtOptions>(() => ({
  family: "auth",
  type: "jwt",
  factory: "jwt",
  summary:
    "Signs a JSON Web Token (RFC 7519) and sends it as a bearer token. With `token_url`, exchanges it for an access token first (RFC 7523).",
  options: jwtRows(),
  phrase: ({ tokenUrl }) =>
    tokenUrl === undefined ? "a signed JWT" : "an access token exchanged for a signed JWT",
  examples: [
    { type: "jwt", issuer: "{config.app_id}", lifetime: 600 },
    {
      type: "jwt",
      algorithm: "HS256",
      signing_key: "{secrets.secret}",
      key_id: "k1",
      claims: { account: "{config.account}" },
    },
    {
      type: "jwt",
      algorithm: "ES256",
      issuer: "{config.client_id}",
      scope: "read",
      token_url: "https://auth.example.com/oauth/token",
    },
    {
      type: "jwt",
      issuer: "{config.app_id}",
      lifetime: 600,
      token_url: "/app/installations/{config.installation}/access_tokens",
      exchange: "bearer",
      token_path: "token",
    },
  ],
  check: ({ tokenUrl, exchange, tokenPath }) =>
    [
      { option: "exchange", value: exchange },
      { option: "tokenPath", value: tokenPath },
    ].flatMap(({ option, value }) =>
      value !== undefined && tokenUrl === undefined
        ? [{ option, message: "it says how the JWT is exchanged: add `token_url`, or remove it" }]
        : [],
    ),
}));

function jwtRows(): { readonly [K in keyof Required<JwtOptions>]: Option } {
  const { accessTokenRequestData, defaultTokenExpirationMs, leewayMs } = tokenEndpointRows();
  return {
    algorithm: {
      type: "choice",
      choices: ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512"],
      default: "RS256",
      description: "The signature algorithm (RFC 7518 §3.1).",
    },
    signingKey: {
      type: "secret",
      required: true,
      aliases: ["private_key"],
      description:
        "The private key as PEM (PKCS#8, PKCS#1 or SEC 1, unencrypted); for `HS…` algorithms, the shared secret.",
    },
    keyEncoding: {
      type: "choice",
      choices: ["text", "base64"],
      default: "text",
      description:
        "The encoding of the key. `base64`: the key is base64-encoded as a whole, as is common for environment variables.",
    },
    keyId: { type: "template", description: "The ID of the key, `kid` in the token header." },
    issuer: {
      type: "template",
      aliases: ["client_id"],
      description: "The claim `iss`, usually the ID of the client or app.",
    },
    subject: {
      type: "template",
      description: "The claim `sub`. Default with `token_url`: the issuer.",
    },
    audience: {
      type: "template",
      description: "The claim `aud`. Default with `token_url`: the token URL.",
    },
    scope: {
      type: "template",
      aliases: ["scopes"],
      description: "The claim `scope`: scopes separated by spaces.",
    },
    claims: {
      type: "object",
      description: "Additional claims, which override the ones above; `null` removes a claim.",
    },
    lifetimeMs: {
      type: "duration",
      minimum: 1,
      default: 3600,
      description: "The lifetime of the token, from the claim `iat` to the claim `exp`.",
    },
    tokenUrl: {
      type: "template",
      aliases: ["auth_endpoint"],
      description:
        "The token endpoint that exchanges the JWT for an access token: an absolute URL, or a path relative to `base_url`. Default: the JWT itself is sent.",
    },
    exchange: {
      type: "choice",
      choices: ["assertion", "bearer"],
      default: "assertion",
      description:
        "How the JWT is exchanged. `assertion`: in a form (RFC 7523). `bearer`: as the bearer token of the request, whose body is `access_token_request_data` as JSON, if given.",
    },
    tokenPath: {
      type: "selector",
      default: "access_token",
      description: "Selector of the access token in the response of the token endpoint.",
    },
    accessTokenRequestData,
    defaultTokenExpirationMs,
    leewayMs,
  };
}
