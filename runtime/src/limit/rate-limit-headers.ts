import { readRetryAfter, type HeadersLike } from "../http/retry-after.js";

/**
 * Returns the wait that a server asks for in milliseconds, or `undefined`: its `Retry-After`, or, if a quota is used up,
 * the time until its reset. Reads quotas from `X-RateLimit-Remaining` and `-Reset`, from their other spellings, and from
 * `RateLimit` (draft-ietf-httpapi-ratelimit-headers, also as of draft 7). Ignores malformed headers.
 */
export function readQuotaWait(headers: HeadersLike, now: number): number | undefined {
  const pairs = readPairs(headers.get("ratelimit") ?? "");
  const spellings: readonly ((part: string) => string | null)[] = [
    (part) => headers.get(`x-ratelimit-${part}`),
    (part) => headers.get(`x-rate-limit-${part}`),
    (part) => headers.get(`ratelimit-${part}`),
    (part) => pairs.get(part) ?? null,
  ];
  for (const read of spellings) {
    const get = (name: string): string | null =>
      name.startsWith("x-ratelimit-") ? read(name.slice("x-ratelimit-".length)) : headers.get(name);
    const wait = readRetryAfter({ get }, now);
    if (wait !== undefined) return wait;
  }
  return readRateLimit(headers);
}

/** `limit=100, remaining=0, reset=30`: `RateLimit` as of draft 7. */
function readPairs(text: string): ReadonlyMap<string, string> {
  if (!/^\s*[a-z]+=\d+(\s*,\s*[a-z]+=\d+)*\s*$/.test(text)) return new Map();
  return new Map(Array.from(text.matchAll(/([a-z]+)=(\d+)/g), ([, name = "", value = ""]) => [name, value]));
}

/** `RateLimit: "default";r=0;t=30`. Without `t`, the wait is the whole window of `RateLimit-Policy: "default";q=100;w=60`. */
function readRateLimit(headers: HeadersLike): number | undefined {
  const policies = readQuotas(headers.get("ratelimit-policy") ?? "");
  const waits = readQuotas(headers.get("ratelimit") ?? "").flatMap(({ name, numbers }) => {
    const window = policies.find((policy) => policy.name === name)?.numbers.get("w");
    const seconds = numbers.get("t") ?? window;
    return numbers.get("r") === 0 && seconds !== undefined ? [seconds * 1000] : [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** One quota of a header, with its integer parameters. */
interface Quota {
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number>;
}

/** A quoted text (RFC 9651 §3.3.3). */
const quoted = '"(?:[^"\\\\]|\\\\.)*"';

/** An item of a list, and its parameters (RFC 9651 §3.1). */
function itemPattern(): string {
  const parameter = String.raw`\s*;\s*[a-z*][a-z0-9_.*-]*(?:=(?:${quoted}|[^",;\s]+))?`;
  return String.raw`\s*(${quoted}|[A-Za-z*][^",;=\s]*)((?:${parameter})*)\s*`;
}

function readQuotas(text: string): readonly Quota[] {
  const item = itemPattern();
  if (!new RegExp(`^${item}(?:,${item})*$`).test(text)) return [];
  return Array.from(text.matchAll(new RegExp(`${item}(?:,|$)`, "g")), ([, name = "", parameters = ""]) => {
    const bare = parameters.replace(new RegExp(quoted, "g"), '""');
    const numbers = bare.matchAll(/;\s*([a-z]+)=(\d+)(?=\s*(?:;|$))/g);
    return { name, numbers: new Map(Array.from(numbers, ([, key = "", value]) => [key, Number(value)])) };
  });
}
