import { platform, type UrlLike } from "../platform.js";

/**
 * Parses a URL, relative to a base if there is one. Returns `undefined` for an invalid URL and for one with a user name. A
 * URL with `http:` and the host of an `https:` base becomes `https:`: an API behind a TLS proxy does not know its own
 * scheme.
 */
export function parseUrl(url: string, base?: string): UrlLike | undefined {
  try {
    const parsed = new platform.URL(url, base);
    if (parsed.protocol === "http:" && base && new platform.URL(base).origin === `https://${parsed.host}`)
      parsed.protocol = "https:";
    return parsed.username || parsed.password ? undefined : parsed;
  } catch {
    // The platform's error repeats its input, which may contain a secret.
    return undefined;
  }
}

/** The latest origin, with a slash. */
let latest = "";

/**
 * Returns the origin of a URL, or `undefined` unless it is a valid http(s) URL without a user name. Most URLs have the same
 * origin as the previous one, and no text after `origin/` can change it, so comparing replaces parsing.
 */
export function originOf(url: string): string | undefined {
  if (latest && `${url}/`.startsWith(latest)) return latest.slice(0, -1);
  const origin = parseUrl(url)?.origin;
  if (!origin?.startsWith("http")) return undefined;
  latest = `${origin}/`;
  return origin;
}

/** `https://x.test/v1/` + `/a` → `https://x.test/v1/a`; an absolute path replaces the base. */
export function joinUrl(base: string, path: string): string {
  if (/^https?:\/\//i.test(path)) {
    const target = parseUrl(path, base);
    return target?.origin === parseUrl(base)?.origin ? path.replace(/^\w+:/, target?.protocol ?? "") : path;
  }
  return path ? `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}` : base;
}

/** A URL, split into its address and the parameters of its query. */
export interface SplitUrl {
  readonly address: string;
  readonly pairs: readonly UrlPair[];
}

/** A parameter of a query. */
export interface UrlPair {
  /** As written in the URL. */
  readonly text: string;
  /** Decoded if the encoding is valid. */
  readonly name: string;
  /** As written in the URL. */
  readonly value: string;
}

/** Splits a URL without a fragment, so its parts can be joined again unchanged. */
export function splitUrl(url: string): SplitUrl {
  const [address = "", ...rest] = url.split("?");
  const texts = rest.length > 0 ? rest.join("?").split("&") : [];
  return { address, pairs: texts.map(toPair) };
}

function toPair(text: string): UrlPair {
  const [name = "", ...value] = text.split("=");
  return { text, name: decode(name), value: value.join("=") };
}

/** Decodes the percent-encoding of a text. Returns the text unchanged if the encoding is invalid. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
