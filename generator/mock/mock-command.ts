import type { KindIr, ResourceIr, SourceIr } from "../ir/source-ir.js";
import { printFault } from "./faults.js";
import { resourcePath } from "./routes.js";
import type { Mock, MockOptions, MockRequest } from "./mock.js";
import { startMock } from "./start-mock.js";

/** Output of the command and the signal that stops it. */
export interface MockIo {
  readonly stdout: { write(text: string): unknown };
  readonly signal: AbortSignal;
  /** Whether to print every request. */
  readonly log?: boolean | undefined;
}

/** Runs the mock server until the signal aborts. Prints the resources and how to request them. Rejects like `startMock`. */
export async function runMock(sources: readonly SourceIr[], options: MockOptions, io: MockIo): Promise<void> {
  const onMismatch = (message: string): void => void io.stdout.write(`Warning: ${message}\n`);
  const onRequest = (request: MockRequest): void => void io.stdout.write(describeRequest(request));
  const mock = await startMock(sources, { ...options, onMismatch, ...(io.log && { onRequest }) });
  for (const source of sources) io.stdout.write(describeSource(source, mock));
  const faults = options.faults ?? [];
  if (faults.length > 0) io.stdout.write(`Faults: ${faults.map(printFault).join(", ")}\n`);
  io.stdout.write("Press Ctrl-C to stop.\n");
  await aborted(io.signal);
  await mock.close();
}

/** Describes a request and its outcome: `GET /v1/rows?page=2  429, fault 429:1`. */
function describeRequest({ method, url, status, fault }: MockRequest): string {
  const outcome = status === undefined ? "no response" : String(status);
  return `${method} ${url}  ${outcome}${fault === undefined ? "" : `, fault ${fault}`}\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** Describes a source: its base URL, a curl command, a factory call and its resources. */
function describeSource(source: SourceIr, mock: Mock): string {
  const url = mock.urls[source.name] ?? mock.url;
  const [first] = source.resources;
  const options = [`baseUrl: "${url}"`, ...source.secrets.map(({ option }) => `${option}: "any"`)];
  const config = source.config.map(({ option }) => `${option}: "any"`);
  const rows = source.resources.map((resource) => [
    `  ${resource.name}`,
    resource.method,
    resourcePath(url, resource),
    `${mock.expected(source.name, resource.name).toLocaleString("en")} records, ${resource.paginator.phrase}`,
  ]);
  return [
    `${source.name}: ${url}`,
    ...(first ? [`  ${curlLine(source, first, url)}`] : []),
    `  ${source.names.factory}({ ${[...options, ...config].join(", ")} })`,
    "",
    ...alignColumns(rows),
    "",
    "",
  ].join("\n");
}

/** Returns a shell command that requests the first page of a resource. */
function curlLine(source: SourceIr, resource: ResourceIr, url: string): string {
  const auth = resource.auth === undefined ? source.auth : resource.auth;
  const { flags = [], query } = auth ? credentialsOf(auth) : {};
  const address = `${resourcePath(url, resource)}${query ? `?${query}` : ""}`;
  const method = resource.method === "GET" ? [] : ["-X", resource.method];
  return ["curl", ...method, ...flags, quote(address)].join(" ");
}

interface CurlCredentials {
  readonly flags?: readonly string[];
  readonly query?: string;
}

function credentialsOf({ type, options, calls = {} }: KindIr): CurlCredentials {
  const [first] = Object.values(calls);
  if (type === "one_of") return first ? credentialsOf(first) : {};
  if (type === "custom" || options["location"] === "body") return {};
  if (/^(bearer|jwt|oauth2_.*)$/.test(type)) return { flags: ["-H", quote("Authorization: Bearer any")] };
  if (type === "http_basic") return { flags: ["-u", "any:any"] };
  const name = typeof options["name"] === "string" ? options["name"] : "Authorization";
  const value = typeof options["prefix"] === "string" ? `${options["prefix"]}any` : "any";
  if (options["location"] === "query" || options["location"] === "param")
    return { query: `${encodeURIComponent(name)}=${encodeURIComponent(value)}` };
  const isCookie = options["location"] === "cookie";
  return { flags: isCookie ? ["-b", quote(`${name}=${value}`)] : ["-H", quote(`${name}: ${value}`)] };
}

/** Quotes an argument for POSIX shells. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
