import type { Auth, AuthContext } from "./auth.js";
import { AuthError, ReadFailure } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import { select } from "../select/path.js";
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

/** The options of the refresh token grant (RFC 6749 §6). */
export interface OAuth2RefreshTokenOptions extends TokenEndpointOptions, OAuth2ClientOptions {
  /** A template: absolute, or relative to the base URL. */
  readonly tokenUrl: string;
  /** A template, usually `{secrets.refresh_token}`. */
  readonly refreshToken: string;
  /** A template. */
  readonly clientId?: string | undefined;
  /** A template, usually `{secrets.client_secret}`. */
  readonly clientSecret?: string | undefined;
}

/** The tokens that the API issues for a refresh token. */
export interface TokenRefresh {
  /** Replaces the refresh token that was sent, which may no longer be valid. */
  readonly refreshToken: string;
  readonly accessToken: string;
  readonly expiresAt: Date;
}

/**
 * Stores a refresh token that replaces the one in the options. No request uses the new tokens before it has succeeded.
 * If it fails, the read ends, and the next read calls it again with the same tokens.
 */
export type OnTokenRefresh = (tokens: TokenRefresh) => void | Promise<void>;

/** Requests tokens with a refresh token, and sends them as bearer tokens. */
export function oauth2RefreshToken(options: OAuth2RefreshTokenOptions): Auth {
  const type = "oauth2_refresh_token";
  const obtain = async (context: AuthContext, state: TokenState): Promise<Token> =>
    (await configuredToken(options, context, state)) ??
    (await (state.unsaved ?? (() => grant(context, options, state)))());
  return {
    type,
    options,
    credentials: (context) => tokenCredentials({ type, options, obtain }, context),
  };
}

async function grant(
  context: AuthContext,
  options: OAuth2RefreshTokenOptions,
  state: TokenState,
): Promise<Token> {
  const { expand, redact } = context;
  const { clientId, clientSecret, scope, clientAuth = "body" } = options;
  const { fields, headers } = clientCredentials(context, {
    ...(clientId !== undefined && { id: await expand(clientId) }),
    ...(clientSecret !== undefined && { secret: await expand(clientSecret) }),
    clientAuth,
  });
  const sent = state.refreshToken ?? (await expand(options.refreshToken));
  const start = Date.now();
  const reply = await postGrant(context, await expand(options.tokenUrl), {
    fields: {
      grant_type: "refresh_token",
      refresh_token: sent,
      ...fields,
      scope: scope === undefined ? undefined : await expand(scope),
    },
    options,
    ...(headers && { headers }),
  });
  const refreshToken = select(["refresh_token"], reply.body)?.[0];
  const accessToken = readToken(reply, ["access_token"]);
  const lifetimeMs = readLifetime(reply, options.defaultTokenExpirationMs ?? 3_600_000);
  const token = { text: accessToken, expiresAt: endOf(start, lifetimeMs, options.leewayMs) };
  if (typeof refreshToken !== "string" || !refreshToken || refreshToken === sent) return token;
  redact(refreshToken);
  redact(accessToken);
  state.refreshToken = refreshToken;
  // A lifetime may exceed the last date that `Date` can represent.
  const expiresAt = new Date(Math.min(start + lifetimeMs, 8.64e15));
  state.unsaved = async () => {
    await save(context, { refreshToken, accessToken, expiresAt });
    state.unsaved = undefined;
    return token;
  };
  return state.unsaved();
}

async function save({ option, warn }: AuthContext, tokens: TokenRefresh): Promise<void> {
  const onTokenRefresh = option("onTokenRefresh") as OnTokenRefresh | undefined;
  if (!onTokenRefresh) {
    warn("the API replaced the refresh token; pass `onTokenRefresh` to store the new one");
    return;
  }
  try {
    await onTokenRefresh(tokens);
  } catch (cause) {
    throw new ReadFailure(
      AuthError,
      "NO_CREDENTIALS",
      "`onTokenRefresh` did not store the new refresh token",
      {
        cause,
      },
    );
  }
}

/** The spec's `{"type": "oauth2_refresh_token"}`. */
export const oauth2RefreshTokenKind: Kind = /* @__PURE__ */ defineKind<OAuth2RefreshTokenOptions>(() => ({
  family: "auth",
  type: "oauth2_refresh_token",
  factory: "oauth2RefreshToken",
  summary:
    "Requests access tokens with a refresh token (RFC 6749 §6) and sends them as bearer tokens. If the API replaces the refresh token, the factory option `onTokenRefresh` is called before the new tokens are used.",
  options: {
    tokenUrl: {
      type: "template",
      required: true,
      aliases: ["access_token_url"],
      description: "The token endpoint: an absolute URL, or a path relative to `base_url`.",
    },
    refreshToken: { type: "secret", required: true, description: "The refresh token." },
    clientId: { type: "credential", description: "The client ID, if the API requires it." },
    clientSecret: { type: "secret", description: "The client secret, if the client has one." },
    ...oauth2ClientRows(),
    ...tokenEndpointRows(),
  },
  phrase: () => "an OAuth 2 access token (refresh token)",
  clientOptions: () => [
    {
      name: "onTokenRefresh",
      type: "OnTokenRefresh",
      imports: ["OnTokenRefresh"],
      description:
        "Stores a new refresh token, which replaces the one in the options. The new tokens are used only after it has succeeded.",
    },
  ],
  examples: [
    {
      type: "oauth2_refresh_token",
      token_url: "https://auth.example.com/oauth/token",
      client_id: "{config.client_id}",
      client_secret: "{secrets.client_secret}",
    },
    { type: "oauth2_refresh_token", token_url: "/oauth/token", refresh_token: "{secrets.grant}" },
  ],
}));
