/** A URL in two: what stands before its query, and the query's parameters. */
export interface SplitUrl {
  readonly address: string;
  readonly pairs: readonly UrlPair[];
}

/** A parameter of a query. */
export interface UrlPair {
  /** As it stands in the URL. */
  readonly text: string;
  /** Decoded, as far as it can be. */
  readonly name: string;
  /** As it stands in the URL. */
  readonly value: string;
}

/** Takes a URL without a fragment apart, so that it can be put together again as it was. */
export function splitUrl(url: string): SplitUrl {
  const [address = "", ...rest] = url.split("?");
  const texts = rest.length > 0 ? rest.join("?").split("&") : [];
  return { address, pairs: texts.map(toPair) };
}

function toPair(text: string): UrlPair {
  const [name = "", ...value] = text.split("=");
  return { text, name: decode(name), value: value.join("=") };
}

/** A text of a URL without its percent-encoding; as it is where that is broken. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
