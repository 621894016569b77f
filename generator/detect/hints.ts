import type { ConnectorError } from "@connector-gen/runtime";
import type { KindIr, ResourceIr, SourceIr } from "../ir/source-ir.js";

/** The properties of an error on which a hint depends. */
type FailedRequest = Pick<ConnectorError, "code" | "message" | "status">;

/** The source and the resource of a failed request. */
export interface HintContext {
  readonly source: SourceIr;
  readonly resource: ResourceIr;
  /** Names of the secrets that the command line sets; absent if the command has no flags for secrets. */
  readonly given?: readonly string[] | undefined;
}

/** Returns how to fix a failed request; `undefined` if its message already says that. */
export function hintOf(error: FailedRequest, context: HintContext): string | undefined {
  if (error.code === "UNAUTHORIZED" || error.code === "FORBIDDEN") return hintOfCredentials(context);
  if (error.code === "NETWORK") return hintOfNetwork(error.message);
  if (error.code === "NOT_JSON") return hintOfBody(error.message);
  if (error.code === "BAD_REDIRECT")
    return "The server redirects too often, without a target, or to another host with a secret in the URL: check the URL";
  const missing = context.source.config.find(({ option }) =>
    error.message.includes(`\`${option}\` has no value`),
  );
  if (missing) return `Pass it with --config ${missing.name}=…`;
  if (error.status === 405) return "The API knows the path, but not with this method: check the method";
  if ((error.status ?? 0) >= 500) return "The server failed: run the command again later";
  return undefined;
}

function hintOfCredentials({ source, resource, given }: HintContext): string | undefined {
  const auth = resource.auth === undefined ? source.auth : resource.auth;
  if (!auth)
    return given === undefined
      ? "The spec has no credentials for this resource: add client.auth"
      : 'No credentials were sent: pass them as the API documents it, such as --header "Authorization: Bearer $TOKEN"';
  const secrets = secretsOf(auth, source);
  if (secrets.length === 0) return undefined;
  if (secrets.every(({ name }) => given?.includes(name)))
    return "The API rejected the credentials: check those on the command line";
  return `The API rejected the credentials: check ${secrets.map(({ env }) => env).join(" and ")} in the environment`;
}

/** Returns the secrets that an auth scheme uses. */
export function secretsOf(auth: KindIr, { secrets }: SourceIr): SourceIr["secrets"] {
  const text = JSON.stringify(auth);
  return secrets.filter(({ name }) => text.includes(`{secrets.${name}}`));
}

/** Hints for network errors, by error code. */
const networkHints: readonly (readonly [codes: RegExp, hint: string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/,
    "Node.js does not trust the certificate of the server: set NODE_EXTRA_CA_CERTS to the certificate file of its authority",
  ],
  [/CERT_HAS_EXPIRED/, "The certificate of the server has expired: its owner must renew it"],
  [/ALTNAME_INVALID/, "The certificate of the server belongs to another host: check the host of the URL"],
  [/ENOTFOUND|EAI_AGAIN/, "The host was not found: check the host of the URL and the network"],
  [
    /ECONNREFUSED/,
    "Nothing listens at this address: check the host and port of the URL, and whether the server runs",
  ],
  [/WRONG_VERSION_NUMBER|EPROTO/, "The server does not use TLS: try http:// instead of https://"],
  [
    /UND_ERR_SOCKET|ECONNRESET/,
    "The server closed the connection: check the host, the port, and http:// or https://",
  ],
  [/^bad .*port$/, "`fetch` refuses this port: check the port of the URL"],
];

function hintOfNetwork(message: string): string | undefined {
  const code = /no response \(([^)]*)\)/.exec(message)?.[1] ?? "";
  return networkHints.find(([codes]) => codes.test(code))?.[1];
}

function hintOfBody(message: string): string {
  return message.includes("(text/html")
    ? "This is a web page: check that the URL is that of the API, and whether it needs credentials"
    : "JSON, JSON lines and CSV are recognised; other formats need a decoder in the spec";
}
