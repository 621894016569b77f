import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { ConnectionOptions } from "node:tls";
import { SyncError } from "../errors.js";

/** Where a server listens: a host and a port, or the path of a Unix socket. */
export interface Host {
  readonly host: string;
  readonly port: number;
  readonly path?: string;
}

/** A server and how to connect to it. */
export interface Server {
  /** The URL without its password. */
  readonly label: string;
  /** In the order in which they are tried. */
  readonly hosts: readonly Host[];
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly connectTimeoutS: number;
  /** Returns the value of the driver's option `ssl`. Throws a `SyncError` if a file of a certificate cannot be read. */
  readonly tls: (host: Host) => false | "prefer" | ConnectionOptions;
  /** Settings of the connection, for example `options`. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Reads a URL as `psql` does: its parameters are those of libpq, and parts that it lacks come from the environment variables of
 * libpq, such as `PGPASSWORD`. Throws a `SyncError` if it is invalid.
 */
export function parsePostgresUrl(url: string): Server {
  const label = withoutPassword(url);
  const [, authority = "", path = "", query = ""] =
    /^[a-z]+:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(url) ?? [];
  if (path.includes("@")) throw malformed(label, "");
  const at = authority.lastIndexOf("@");
  const servers = authority.slice(at + 1);
  const [, name = "", secret = ""] = /^([^:]*):?(.*)$/s.exec(authority.slice(0, Math.max(at, 0))) ?? [];
  const decode = decoder(label);
  const parameters = new Map(
    query
      .split("&")
      .filter((pair) => pair !== "")
      .map((pair) => {
        const [key = "", ...value] = pair.split("=");
        return [decode(key), decode(value.join("="))] as const;
      }),
  );
  const pick = (parameter: string, part = ""): string | undefined =>
    parameters.get(parameter) || decode(part) || process.env[variableOf(parameter)] || undefined;
  const user = pick("user", name) ?? systemUser();
  return {
    label,
    hosts: parseHosts(label, {
      authority: servers,
      // The URL has precedence over environment variables, and its parameters over its other parts.
      host: /^(:\d*)?$/.test(servers) ? pick("host") : parameters.get("host"),
      port: pick("port"),
      decode,
    }),
    user,
    password: pick("password", secret),
    database: pick("dbname", path) ?? user,
    connectTimeoutS: Number(pick("connect_timeout")) || 10,
    tls: parseTls(label, pick),
    settings: Object.fromEntries(
      [...parameters, ["options", pick("options") ?? ""]].filter(([key = "", value]) =>
        isSetting(key, value),
      ),
    ) as Record<string, string>,
  };
}

/** Removes the passwords from a URL, wherever they are. The URL may have any scheme, or none. */
export function withoutPassword(url: string): string {
  return url
    .replace(/^([^:]*:\/\/[^:@/?]*|[^:]*(?!:\/\/)):.*@/s, "$1@")
    .replace(/([?&;](?:ssl)?password=)[^&;]*/gi, "$1…");
}

/** The environment variables of parameters; that of others is `PG` and the parameter without underscores. */
const variables: Readonly<Record<string, string>> = {
  dbname: "PGDATABASE",
  connect_timeout: "PGCONNECT_TIMEOUT",
};

function variableOf(parameter: string): string {
  return variables[parameter] ?? `PG${parameter.toUpperCase().replaceAll("_", "")}`;
}

/** Parameters that are not settings of the server: those that are read above, and those that need no action here. */
const notSettings =
  /^(host|hostaddr|port|user|password|dbname|passfile|connect_timeout|ssl.*|channel_binding|gss.*|krbsrvname|keepalives.*|tcp_user_timeout|target_session_attrs|load_balance_hosts|require_auth|requirepeer|application_name|fallback_application_name|client_encoding)$/;

function isSetting(key: string, value: string | undefined): boolean {
  return !notSettings.test(key) && value !== undefined && value !== "";
}

function malformed(label: string, reason: string): SyncError {
  const fix =
    "check the host and the port; in names and passwords, write the characters `%`, `/`, `?`, `#`, `@`, `:` as `%25`, `%2F`, `%3F`, `%23`, `%40`, `%3A`";
  return new SyncError("INVALID_OPTIONS", `the URL ${label} is invalid${reason}: ${fix}`);
}

function decoder(label: string): (text: string) => string {
  return (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      throw malformed(label, "");
    }
  };
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // The user of a container may have no name.
    return "postgres";
  }
}

const defaultPort = 5432;

interface HostTexts {
  /** `host:port,host:port`, encoded; empty if the URL names no host. */
  readonly authority: string;
  /** The hosts and ports that parameters or environment variables name, separated by commas. */
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly decode: (text: string) => string;
}

function parseHosts(label: string, { authority, host, port, decode }: HostTexts): readonly Host[] {
  const ports = port?.split(",") ?? [];
  const own = authority.split(",").map((text) => /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text));
  const names = host?.split(",") ?? own.map((found) => decode(found?.[1] ?? "@"));
  return names.map((name, index) => {
    const text = own[index]?.[2] || (ports[index] ?? ports[0] ?? "");
    const number = text === "" ? defaultPort : Number(text);
    if (/[@\s]/.test(name)) throw malformed(label, "");
    if (!Number.isInteger(number) || number < 1 || number > 65_535)
      throw malformed(label, ": a port is a number from 1 to 65535");
    const plain = name.replace(/^\[(.*)\]$/, "$1") || "localhost";
    return {
      host: plain,
      port: number,
      ...(plain.startsWith("/") && { path: `${plain}/.s.PGSQL.${number}` }),
    };
  });
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** Reads the parameters of TLS. As in libpq, `prefer` is the default, and a root certificate is always checked. */
function parseTls(label: string, pick: (parameter: string) => string | undefined): Server["tls"] {
  const given = pick("sslmode") ?? (pick("ssl") === "true" ? "require" : "prefer");
  const found = modes.find((mode) => mode === given);
  if (!found) {
    const message = `the URL ${label} has an invalid sslmode \`${given}\`: use ${modes.join(", ")}`;
    throw new SyncError("INVALID_OPTIONS", message);
  }
  const root = pick("sslrootcert");
  // The driver has no channel binding; a certificate that is checked prevents the same attacks.
  const isFull = root === "system" || pick("channel_binding") === "require";
  const mode =
    isFull && found !== "disable" ? "verify-full" : found === "require" && root ? "verify-ca" : found;
  const read = (parameter: string): Buffer | undefined => {
    const file = pick(parameter);
    if (file === undefined || file === "system") return undefined;
    try {
      return readFileSync(file);
    } catch (cause) {
      const message = `cannot read the file ${file}, which \`${parameter}\` names: check its path and its permissions`;
      throw new SyncError("INVALID_OPTIONS", message, { cause });
    }
  };
  return ({ host, path }) => {
    if (mode === "disable" || path !== undefined) return false;
    if (mode === "allow" || mode === "prefer") return "prefer";
    const [ca, cert, key, passphrase] = [
      read("sslrootcert"),
      read("sslcert"),
      read("sslkey"),
      pick("sslpassword"),
    ];
    return {
      host,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key, ...(passphrase !== undefined && { passphrase }) }),
      ...(mode === "require" && { rejectUnauthorized: false }),
      ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
    };
  };
}
