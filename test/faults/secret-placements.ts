import {
  apiKey,
  bearer,
  httpBasic,
  jsonBody,
  oauth2ClientCredentials,
  type ClientOptions,
  type ReadOptions,
  type Source,
} from "../../runtime/src/index.js";
import type { Auth, ResourceShape } from "../../runtime/src/plugin.js";

/** A client with its secret in one place. */
export interface Placed {
  readonly source?: Partial<Source>;
  readonly resource?: Partial<ResourceShape>;
  readonly options?: ClientOptions & Readonly<Record<string, unknown>>;
  readonly read?: ReadOptions;
}

/** A place for a secret in a request. */
export interface Placement {
  readonly name: string;
  /** Whether the secret is in every request, or in that for a token. */
  readonly kind: "request" | "token";
  readonly place: (secret: string) => Placed;
}

const options = {
  "secrets.token": { option: "token", env: "MATRIX_TOKEN" },
  "secrets.password": { option: "password", env: "MATRIX_PASSWORD" },
};

function byAuth(name: string, auth: Auth, kind: Placement["kind"] = "request"): Placement {
  return { name, kind, place: (token) => ({ source: { options, auth }, options: { token } }) };
}

function byTemplate(name: string, given: Omit<Placed, "options">): Placement {
  return {
    name,
    kind: "request",
    place: (token) => ({ ...given, source: { options, ...given.source }, options: { token } }),
  };
}

/** All places of a secret in a request. */
export const placements: readonly Placement[] = [
  byAuth("bearer token", bearer({ token: "{secrets.token}" })),
  byAuth("key in a header", apiKey({ apiKey: "{secrets.token}", name: "X-API-Key" })),
  byAuth("key in the query", apiKey({ apiKey: "{secrets.token}", name: "key", location: "query" })),
  byAuth("key in a cookie", apiKey({ apiKey: "{secrets.token}", name: "sid", location: "cookie" })),
  byAuth("password", httpBasic({ username: "reader", password: "{secrets.token}" })),
  byAuth(
    "client secret",
    oauth2ClientCredentials({ accessTokenUrl: "/token", clientId: "me", clientSecret: "{secrets.token}" }),
    "token",
  ),
  byTemplate("header of the source", { source: { headers: { "X-Team": "team {secrets.token}" } } }),
  byTemplate("header of the resource", { resource: { headers: { "X-Team": "{secrets.token}" } } }),
  byTemplate("query of the resource", { resource: { query: { team: "{secrets.token}" } } }),
  byTemplate("object in the query", { resource: { query: { filter: { team: "{secrets.token}" } } } }),
  byTemplate("path of the resource", { resource: { path: "/v1/{secrets.token}/rows" } }),
  byTemplate("body of the resource", {
    resource: { method: "POST", body: jsonBody({ team: { key: "{secrets.token}" } }) },
  }),
  {
    name: "headers of the client's options",
    kind: "request",
    place: (secret) => ({ options: { headers: { "X-Session": secret } } }),
  },
  {
    name: "headers of the read's options",
    kind: "request",
    place: (secret) => ({ read: { headers: { "X-Session": secret } } }),
  },
];
