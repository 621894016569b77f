import type { Auth, AuthContext } from "./auth.js";
import { defineKind, type Kind } from "../kind.js";
import {
  clientCredentials,
  oauth2ClientRows,
  postGrant,
  tokenEndpointRows,
  type OAuth2ClientOptions,
  type TokenEndpointOptions,
} from "./oauth2.js";
import { configuredToken, endOf, tokenCredentials, type Token, type TokenState } from "./token.js";
import { readLifetime, readToken } from "./token-request.js";

/** The options of the client credentials grant (RFC 6749 §4.4). */
export interface OAuth2ClientCredentialsOptions extends TokenEndpointOptions, OAuth2ClientOptions {
  /** A template: absolute, or relative to the base URL. */
  readonly accessTokenUrl: string;
  /** A template. */
  readonly clientId: string;
  /** A template, usually `{secrets.client_secret}`. */
  readonly clientSecret: string;
}

/** Requests a token with the client ID and secret, and sends it as a bearer token. */
export function oauth2ClientCredentials(options: OAuth2ClientCredentialsOptions): Auth {
  const type = "oauth2_client_credentials";
  const obtain = async (context: AuthContext, state: TokenState): Promise<Token> =>
    (await configuredToken(options, context, state)) ?? (await grant(context, options));
  return {
    type,
    options,
    credentials: (context) => tokenCredentials({ type, options, obtain }, context),
  };
}

async function grant(context: AuthContext, options: OAuth2ClientCredentialsOptions): Promise<Token> {
  const { expand } = context;
  const { scope, leewayMs, defaultTokenExpirationMs = 3_600_000, clientAuth = "body" } = options;
  const { fields, headers } = clientCredentials(context, {
    id: await expand(options.clientId),
    secret: await expand(options.clientSecret),
    clientAuth,
  });
  const start = Date.now();
  const reply = await postGrant(context, await expand(options.accessTokenUrl), {
    fields: {
      ...fields,
      grant_type: "client_credentials",
      scope: scope === undefined ? undefined : await expand(scope),
    },
    options,
    ...(headers && { headers }),
  });
  return {
    text: readToken(reply, ["access_token"]),
    expiresAt: endOf(start, readLifetime(reply, defaultTokenExpirationMs), leewayMs),
  };
}

/** The spec's `{"type": "oauth2_client_credentials"}`. */
export const oauth2ClientCredentialsKind: Kind = /* @__PURE__ */ defineKind<OAuth2ClientCredentialsOptions>(
  () => ({
    family: "auth",
    type: "oauth2_client_credentials",
    factory: "oauth2ClientCredentials",
    summary:
      "Requests a token with the client ID and secret (RFC 6749 §4.4) and sends it as a bearer token. All resources of a client share the token. It is replaced before it expires, and once if the API rejects it.",
    options: {
      accessTokenUrl: {
        type: "credential",
        required: true,
        aliases: ["token_url"],
        description: "The token endpoint: an absolute URL, or a path relative to `base_url`.",
      },
      clientId: { type: "credential", required: true, description: "The client ID." },
      clientSecret: { type: "secret", required: true, description: "The client secret." },
      ...oauth2ClientRows(),
      ...tokenEndpointRows(),
    },
    phrase: () => "an OAuth 2 access token (client credentials)",
    examples: [
      {
        type: "oauth2_client_credentials",
        access_token_url: "https://auth.example.com/oauth/token",
        client_id: "{config.client_id}",
        client_secret: "{secrets.client_secret}",
        scope: "read",
      },
      {
        type: "oauth2_client_credentials",
        access_token_url: "/oauth/token",
        client_auth: "client_secret_basic",
        access_token_request_data: { audience: "https://api.example.com" },
        default_token_expiration: 600,
      },
    ],
  }),
);
