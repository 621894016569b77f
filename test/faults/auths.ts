import type { IncomingHttpHeaders } from "node:http";
import { apiKey, bearer, httpBasic, oauth2ClientCredentials } from "../../runtime/src/index.js";
import type { Auth } from "../../runtime/src/plugin.js";

/** A request as a scripted API checks its credentials. */
interface Presented {
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
}

/** A way to authenticate, and the server's side of it. */
export interface AuthScheme {
  readonly name: string;
  readonly auth?: Auth;
  readonly accepts: (request: Presented) => boolean;
}

/** The values of the options that the schemes need. */
export const credentials = {
  token: "tok-5f2a91c7",
  apiKey: "key-90b1+/=&",
  username: "reader",
  password: "pass-Ü:7711",
  clientSecret: "sec-3d4e5f",
} as const;

/** The token that the scripted APIs issue at `/token`. */
export const issuedToken = "issued-1a2b3c4d";

/** The placeholders behind those options. */
export const placeholders = Object.fromEntries(
  Object.entries({
    "secrets.token": "token",
    "secrets.api_key": "apiKey",
    "secrets.username": "username",
    "secrets.password": "password",
    "secrets.client_secret": "clientSecret",
  }).map(([name, option]) => [name, { option, env: `MATRIX_${option.toUpperCase()}` }]),
);

const basic = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");

/** Six ways to authenticate. */
export const authSchemes: readonly AuthScheme[] = [
  { name: "no auth", accepts: ({ headers }) => headers.authorization === undefined },
  {
    name: "bearer",
    auth: bearer({ token: "{secrets.token}" }),
    accepts: ({ headers }) => headers.authorization === `Bearer ${credentials.token}`,
  },
  {
    name: "key in a header",
    auth: apiKey({ apiKey: "{secrets.api_key}", name: "X-API-Key" }),
    accepts: ({ headers }) => headers["x-api-key"] === credentials.apiKey,
  },
  {
    name: "key in the query",
    auth: apiKey({ apiKey: "{secrets.api_key}", name: "key", location: "query" }),
    accepts: ({ query }) => query.getAll("key").join() === credentials.apiKey,
  },
  {
    name: "basic",
    auth: httpBasic({ username: "{secrets.username}", password: "{secrets.password}" }),
    accepts: ({ headers }) => headers.authorization === `Basic ${basic}`,
  },
  {
    name: "oauth2",
    auth: oauth2ClientCredentials({
      accessTokenUrl: "/token",
      clientId: "matrix",
      clientSecret: "{secrets.client_secret}",
    }),
    accepts: ({ headers }) => headers.authorization === `Bearer ${issuedToken}`,
  },
];
