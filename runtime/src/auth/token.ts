import type { AuthContext, Credentials } from "./auth.js";
import type { Client } from "../client/client.js";

/** A token and until when it is sent. */
export interface Token {
  readonly text: string;
  /** Milliseconds since 1970; `Infinity`: until it is refused. */
  readonly expiresAt: number;
}

/** What the requests of one client know of the tokens of one scheme. */
export interface TokenState {
  token?: Token | undefined;
  /** The request for a token that is under way. */
  flight?: Promise<Token> | undefined;
  /** Whether a token was asked for or taken from the options. */
  isStarted: boolean;
  /** The refresh token that took the place of the options'. */
  refreshToken?: string;
  /** A token that may not be sent before it is stored. */
  unsaved?: (() => Promise<Token>) | undefined;
}

/** A scheme whose credentials are a token that is asked for, shared and renewed. */
export interface TokenScheme {
  /** The spec's word. */
  readonly type: string;
  /** Equal ones share their tokens. */
  readonly options: object;
  /** Gets a token; never runs twice at a time. */
  readonly obtain: (context: AuthContext, state: TokenState) => Promise<Token>;
  /** Default: `Authorization: Bearer <token>`. */
  readonly place?: (token: string) => Credentials;
}

const states = /* @__PURE__ */ new WeakMap<Client, Map<string, TokenState>>();

/** The credentials that hold a token, gotten if there is none that is good: by one request, whoever waits for it. */
export async function tokenCredentials(scheme: TokenScheme, context: AuthContext): Promise<Credentials> {
  const state = stateOf(context.client, JSON.stringify([scheme.type, scheme.options]));
  const known = state.token && Date.now() < state.token.expiresAt ? state.token : undefined;
  const token = known ?? (await (state.flight ??= fly(scheme, context, state)));
  const { place = toBearer } = scheme;
  return {
    ...place(token.text),
    // Others may have been refused the same token, and have a new one by now.
    renew: () => {
      if (state.token === token) state.token = undefined;
    },
  };
}

function toBearer(token: string): Credentials {
  return { headers: { Authorization: `Bearer ${token}` } };
}

function stateOf(client: Client, key: string): TokenState {
  const all = states.get(client) ?? new Map<string, TokenState>();
  states.set(client, all);
  const state = all.get(key) ?? { isStarted: false };
  all.set(key, state);
  return state;
}

async function fly(scheme: TokenScheme, context: AuthContext, state: TokenState): Promise<Token> {
  try {
    const token = await scheme.obtain(context, state);
    context.redact(token.text);
    return (state.token = token);
  } finally {
    state.isStarted = true;
    state.flight = undefined;
  }
}

/** The time until which a token is sent; a token that lives no longer than the leeway is sent to its end. */
export function endOf(start: number, lifetimeMs: number, leewayMs = 30_000): number {
  return start + (lifetimeMs > leewayMs ? lifetimeMs - leewayMs : lifetimeMs);
}

/** A token that is there before any is asked for. */
export interface ConfiguredToken {
  /** A template, as a rule `{secrets.access_token}`. */
  readonly accessToken?: string;
  /** Milliseconds for which `accessToken` is used. Default 0: a new token is requested at once. */
  readonly accessTokenExpiresInMs?: number;
}

/** The token of the options, once, if it is still good. */
export async function configuredToken(
  { accessToken, accessTokenExpiresInMs = 0 }: ConfiguredToken,
  { expand }: AuthContext,
  { isStarted }: TokenState,
): Promise<Token | undefined> {
  if (isStarted || accessToken === undefined || accessTokenExpiresInMs <= 0) return undefined;
  return { text: await expand(accessToken), expiresAt: Date.now() + accessTokenExpiresInMs };
}
