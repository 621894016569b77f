import { apiKey, bearer, httpBasic } from "../../../runtime/src/index.js";
import type { Auth } from "../../../runtime/src/plugin.js";

/** Secrets that look different in every encoding. All begin with `s3cr`, which appears nowhere else. */
export const canary = `s3cr+t/ä&"x 'y`;

/** Every way to send a secret, with the texts that the server receives. */
export const auths: readonly {
  readonly name: string;
  readonly auth: Auth;
  readonly options: Readonly<Record<string, string>>;
  /** Texts that contain the credentials, in the encoding in which they are sent. */
  readonly sent: readonly string[];
  /** The location of the credentials in the request. */
  readonly place: "query" | "cookie" | "authorization" | "x-api-key";
}[] = [
  {
    name: "an API key in a header",
    auth: apiKey({ apiKey: "{secrets.api_key}", name: "X-API-Key" }),
    options: { apiKey: canary },
    sent: [canary],
    place: "x-api-key",
  },
  {
    name: "an API key in the query",
    auth: apiKey({ apiKey: "{secrets.api_key}", name: "key", location: "query" }),
    options: { apiKey: canary },
    sent: [canary],
    place: "query",
  },
  {
    name: "an API key in a cookie",
    auth: apiKey({ apiKey: "{secrets.api_key}", name: "key", location: "cookie" }),
    options: { apiKey: canary },
    sent: [encodeURIComponent(canary)],
    place: "cookie",
  },
  {
    name: "an API key behind a prefix",
    auth: apiKey({ apiKey: "{secrets.api_key}", prefix: "Token " }),
    options: { apiKey: canary },
    sent: [`Token ${canary}`],
    place: "authorization",
  },
  {
    name: "a bearer token",
    auth: bearer({ token: "{secrets.token}" }),
    options: { token: canary },
    sent: [`Bearer ${canary}`],
    place: "authorization",
  },
  {
    name: "user name and password",
    auth: httpBasic({ username: "{secrets.username}", password: "{secrets.password}" }),
    options: { username: "s3cr-user", password: canary },
    sent: [`Basic ${Buffer.from(`s3cr-user:${canary}`).toString("base64")}`],
    place: "authorization",
  },
];

/** The canary, and the base64 texts in which it is sent. */
export const canaries: readonly string[] = [canary, `s3cr-user:${canary}`];
