import { constant, type PyDict, type PyEntry, type PyValue } from "../python/values.js";
import { blockOf } from "./classes.js";

/**
 * Replaces a header `Authorization: Basic …` that the program encodes itself with an auth block of type `http_basic`.
 * Returns any other client unchanged.
 */
export function withBasicAuth(client: PyDict): PyDict {
  const headers = client.entries.get("headers");
  if (headers?.value.kind !== "dict" || client.entries.has("auth")) return client;
  for (const [name, entry] of headers.value.entries) {
    const pair = name.toLowerCase() === "authorization" ? pairOf(entry.value) : undefined;
    if (!pair) continue;
    const others = new Map([...headers.value.entries].filter(([key]) => key !== name));
    const entries = new Map([...client.entries].filter(([key]) => key !== "headers"));
    if (others.size > 0 || headers.value.rest.length > 0)
      entries.set("headers", { ...headers, value: { ...headers.value, entries: others } });
    entries.set("auth", { key: entry.key, value: authBlock(pair, entry.value.origin) });
    return { ...client, entries };
  }
  return client;
}

interface Pair {
  readonly username: PyValue;
  readonly password: PyValue;
}

function authBlock({ username, password }: Pair, origin: PyValue["origin"]): PyDict {
  const entries = new Map<string, PyEntry>(
    Object.entries({ username, password }).map(([key, value]) => [key, { key: origin, value }]),
  );
  return blockOf({ type: "http_basic", entries, rest: [] }, origin);
}

/** Reads the user name and password in `"Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()`. */
function pairOf(value: PyValue): Pair | undefined {
  if (value.kind !== "text") return undefined;
  const [scheme, encoded, ...others] = value.parts.filter((part) => part !== "");
  if (typeof scheme !== "string" || !/^basic $/i.test(scheme) || others.length > 0) return undefined;
  if (typeof encoded === "string") return undefined;
  const text = encodedText(encoded);
  return text && splitPair(text);
}

/** Returns the text that `base64.b64encode(text).decode()` or `str(base64.b64encode(text), "utf-8")` encodes. */
function encodedText(value: PyValue | undefined): PyValue | undefined {
  if (value?.kind !== "call") return undefined;
  const { callee, on, positional } = value;
  if (/(?:^|\.)(?:standard_)?b64encode$/.test(callee)) return textOfBytes(positional[0]);
  if (callee === "str") return encodedText(positional[0]);
  return /\.(?:decode|strip)$/.test(callee) ? encodedText(on) : undefined;
}

function textOfBytes(value: PyValue | undefined): PyValue | undefined {
  return value?.kind === "call" && value.callee === "bytes" ? value.positional[0] : value;
}

function splitPair(text: PyValue): Pair | undefined {
  if (text.kind !== "text") return undefined;
  const at = text.parts.findIndex((part) => typeof part === "string" && part.includes(":"));
  const part = text.parts[at];
  if (typeof part !== "string") return undefined;
  const colon = part.indexOf(":");
  const side = (parts: readonly (string | PyValue)[]): PyValue => {
    const known = parts.filter((one) => one !== "");
    const [only] = known;
    if (known.length === 1 && only !== undefined && typeof only !== "string") return only;
    return known.length === 0
      ? constant("", text.origin)
      : { kind: "text", parts: known, origin: text.origin };
  };
  return {
    username: side([...text.parts.slice(0, at), part.slice(0, colon)]),
    password: side([part.slice(colon + 1), ...text.parts.slice(at + 1)]),
  };
}
