import type { AuthContext, Credentials } from "./auth.js";

/** A token and its expiry. */
export interface Token {
  readonly text: string;
  /** Milliseconds since 1970; `Infinity` means until the API rejects it. */
  readonly expiresAt: number;
}

/** The tokens of one scheme that the requests of one client share. */
export interface TokenState {
  token?: Token | undefined;
  /** The token request in flight. */
  inFlight?: Promise<Token> | undefined;
  /** Whether a token was requested or taken from the options. */
  isStarted: boolean;
  /** The refresh token that replaced the one in the options. */
  refreshToken?: string;
  /** Stores a token, which must not be sent earlier. */
  unsaved?: (() => Promise<Token>) | undefined;
}

/** A scheme whose credentials are a token that it requests, shares and renews. */
export interface TokenScheme {
  /** The `type` in the spec. */
  readonly type: string;
  /** Schemes with equal options share their tokens. */
  readonly options: object;
  /** Requests a token. Only one call runs at a time. */
  readonly obtain: (context: AuthContext, state: TokenState) => Promise<Token>;
  /** Default: `Authorization: Bearer <token>`. */
  readonly toCredentials?: (token: string) => Credentials;
}

const states = /* @__PURE__ */ new WeakMap<object, Map<string, TokenState>>();

/** Returns credentials with a valid token. Concurrent callers share one token request. */
export async function tokenCredentials(scheme: TokenScheme, context: AuthContext): Promise<Credentials> {
  const state = stateOf(context.client, JSON.stringify([scheme.type, scheme.options]));
  const known = state.token && Date.now() < state.token.expiresAt ? state.token : undefined;
  const token = known ?? (await (state.inFlight ??= obtain(scheme, context, state)));
  const { toCredentials = toBearer } = scheme;
  return {
    ...toCredentials(token.text),
    // Another request may already have replaced the rejected token.
    renew: () => {
      if (state.token === token) state.token = undefined;
    },
  };
}

function toBearer(token: string): Credentials {
  return { headers: { Authorization: `Bearer ${token}` } };
}

function stateOf(client: object, key: string): TokenState {
  const all = states.get(client) ?? new Map<string, TokenState>();
  states.set(client, all);
  const state = all.get(key) ?? { isStarted: false };
  all.set(key, state);
  return state;
}

async function obtain(scheme: TokenScheme, context: AuthContext, state: TokenState): Promise<Token> {
  try {
    const token = await scheme.obtain(context, state);
    context.redact(token.text);
    return (state.token = token);
  } finally {
    state.isStarted = true;
    state.inFlight = undefined;
  }
}

/** Returns the time until which a token is sent. A token with a lifetime within the leeway is sent until it expires. */
export function endOf(start: number, lifetimeMs: number, leewayMs = 30_000): number {
  return start + (lifetimeMs > leewayMs ? lifetimeMs - leewayMs : lifetimeMs);
}

/** A token from the options. */
export interface ConfiguredToken {
  /** A template, usually `{secrets.access_token}`. */
  readonly accessToken?: string | undefined;
  /** Milliseconds for which `accessToken` is used. Default 0: a new token is requested at once. */
  readonly accessTokenExpiresInMs?: number | undefined;
}

/** Returns the token of the options, once, if it has not expired. */
export async function configuredToken(
  { accessToken, accessTokenExpiresInMs = 0 }: ConfiguredToken,
  { expand }: AuthContext,
  { isStarted }: TokenState,
): Promise<Token | undefined> {
  if (isStarted || accessToken === undefined || accessTokenExpiresInMs <= 0) return undefined;
  return { text: await expand(accessToken), expiresAt: Date.now() + accessTokenExpiresInMs };
}
