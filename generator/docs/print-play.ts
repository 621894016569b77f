import { EXAMPLE_ORIGIN } from "./example-source.js";
import { fence, inlineJson } from "./markdown.js";
import type { Play, PlayedReply, PlayedRequest } from "./play.js";

/** Headers that every request has. */
const COMMON = /^(accept|content-type)$/;

/** Prints a play: `→` what is sent, `←` what comes back, records counted instead of shown; last, how it ended. */
export function printPlay({ exchanges, end }: Play): string {
  const lines = exchanges.flatMap(({ request, reply, warnings }) => [
    ...printRequest(request),
    ...printReply(reply),
    ...warnings.map((warning) => `! ${warning}`),
  ]);
  return fence("text", [...lines, end === "max_pages" ? "… and so on" : `■ ${end}`].join("\n"));
}

/** Prints the requests of a play with what comes back to all but the last: the tokens that it is sent with. */
export function printTokens({ exchanges }: Play): string {
  const lines = exchanges.flatMap(({ request, reply }, at) => [
    ...printRequest(request),
    ...(at < exchanges.length - 1 ? printReply(reply) : []),
  ]);
  return fence("text", lines.join("\n"));
}

function printRequest({ method, url, headers, body }: PlayedRequest): readonly string[] {
  const sent = Object.entries(headers).filter(([name]) => !COMMON.test(name));
  return [
    `→ ${method} ${url.startsWith(`${EXAMPLE_ORIGIN}/`) ? url.slice(EXAMPLE_ORIGIN.length) : url}`,
    ...sent.flatMap(([name, value]) => explainTokens(`  ${name}: ${explainBasic(value)}`)),
    ...(body === undefined ? [] : explainTokens(`  ${printBody(body)}`)),
  ];
}

function printReply({ headers, body }: PlayedReply): readonly string[] {
  return [...Object.entries(headers).map(([name, value]) => `← ${name}: ${value}`), `← ${printBody(body)}`];
}

function printBody(body: string): string {
  try {
    return inlineJson(JSON.parse(body), countRecords);
  } catch {
    return body;
  }
}

function countRecords(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const records = value.every((item) => typeof item === "object" && item !== null);
  return records ? `[…${value.length} records]` : undefined;
}

function explainBasic(header: string): string {
  return header.replace(
    /^Basic (.+)$/,
    (_, text: string) => `Basic <base64 of ${Buffer.from(text, "base64").toString("utf8")}>`,
  );
}

/** Signed tokens by what they say, below the line; their times are those of the play. */
function explainTokens(line: string): readonly string[] {
  const notes: string[] = [];
  const text = line.replaceAll(/(eyJ[\w-]+)\.(eyJ[\w-]+)\.[\w-]+/g, (_, header: string, claims: string) => {
    const { iat } = decode(claims);
    const print = (value: object): string =>
      inlineJson(value, (part) =>
        typeof part === "number" && typeof iat === "number" ? printTime(part - iat) : undefined,
      );
    notes.push(`      header ${print(decode(header))}`, `      claims ${print(decode(claims))}`);
    return "<JWT>";
  });
  return [text, ...notes];
}

function printTime(seconds: number): string {
  return seconds === 0 ? "now" : `now + ${seconds}`;
}

function decode(part: string): { readonly iat?: unknown } {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as { readonly iat?: unknown };
}
