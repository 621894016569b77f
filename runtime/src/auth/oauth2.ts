import type { AuthContext } from "./auth.js";
import type { JsonObject } from "../json.js";
import type { Option } from "../kind.js";
import { toBase64 } from "../client/secret-forms.js";
import { expandValue } from "../client/template.js";
import { encodeField, toForm } from "../bodies/form.js";
import type { ConfiguredToken } from "./token.js";
import { requestToken, type TokenResponse } from "./token-request.js";

/** The options of every token request (RFC 6749). */
export interface TokenEndpointOptions extends ConfiguredToken {
  /** Additional fields of the form, which override those of the grant; texts are templates. */
  readonly accessTokenRequestData?: JsonObject | undefined;
  /** The lifetime of a token in milliseconds if the response has no `expires_in`. Default 3,600,000. */
  readonly defaultTokenExpirationMs?: number | undefined;
  /** Milliseconds before its expiry at which a token is replaced. Default 30,000. */
  readonly leewayMs?: number | undefined;
}

/** How the client identifies itself to the token endpoint. */
export interface OAuth2ClientOptions {
  /** How the client ID and secret are sent. Default `body`. */
  readonly clientAuth?: "body" | "client_secret_basic" | undefined;
  /** The requested scopes, separated by spaces. A template. */
  readonly scope?: string | undefined;
}

/** Requests a token with a form. Omits fields that are `undefined` or `null`. */
export async function postGrant(
  context: AuthContext,
  url: string,
  grant: {
    readonly fields: Readonly<Record<string, string | undefined>>;
    readonly options: TokenEndpointOptions;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<TokenResponse> {
  const data = await expandValue(grant.options.accessTokenRequestData ?? {}, context.lookup);
  const fields = Object.entries(grant.fields).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const],
  );
  return requestToken(context, {
    method: "POST",
    url,
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      ...grant.headers,
    },
    body: toForm({ ...Object.fromEntries(fields), ...(data as JsonObject) }),
  });
}

/** Returns the client ID and secret as fields of the form or as a header (RFC 6749 §2.3.1). */
export function clientCredentials(
  { redact }: AuthContext,
  { id, secret, clientAuth }: { id?: string; secret?: string } & Pick<OAuth2ClientOptions, "clientAuth">,
): { fields: Readonly<Record<string, string>>; headers?: Readonly<Record<string, string>> } {
  if (clientAuth !== "client_secret_basic")
    return {
      fields: { ...(id !== undefined && { client_id: id }), ...(secret && { client_secret: secret }) },
    };
  const pair = toBase64(`${encodeField(id ?? "")}:${encodeField(secret ?? "")}`);
  redact(pair);
  return { fields: {}, headers: { authorization: `Basic ${pair}` } };
}

/** Describes the options of `TokenEndpointOptions`. */
export function tokenEndpointRows(): { readonly [K in keyof Required<TokenEndpointOptions>]: Option } {
  return {
    accessTokenRequestData: {
      type: "object",
      description: "Additional fields of the token request form, which override the standard ones.",
    },
    defaultTokenExpirationMs: {
      type: "duration",
      default: 3600,
      description: "The lifetime of a token if the response has no `expires_in`.",
    },
    leewayMs: {
      type: "duration",
      default: 30,
      description:
        "How long before it expires a token is replaced. A token with a shorter lifetime is used until it expires.",
    },
    accessToken: {
      type: "secret",
      description: "An existing token. It is used only if `access_token_expires_in` is set.",
    },
    accessTokenExpiresInMs: {
      type: "duration",
      default: 0,
      description: "How long the configured `access_token` is used, unless the API rejects it earlier.",
    },
  };
}

/** Describes the options of `OAuth2ClientOptions`. */
export function oauth2ClientRows(): { readonly [K in keyof Required<OAuth2ClientOptions>]: Option } {
  return {
    scope: { type: "template", description: "The requested scopes, separated by spaces." },
    clientAuth: {
      type: "choice",
      choices: ["body", "client_secret_basic"],
      default: "body",
      description:
        "How the client ID and secret are sent: as form fields, or as HTTP Basic authentication (RFC 6749 §2.3.1).",
    },
  };
}
