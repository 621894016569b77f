/** One link of a `Link` header. */
export interface HeaderLink {
  /** The text between `<` and `>`: an absolute or relative URL. */
  readonly target: string;
  /** Parameters by lower-case name; the first of each name. */
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Parses a `Link` header (RFC 8288 §3), with several lines joined by commas: `<https://x.test/?p=2>; rel="next"`.
 *
 * Takes linear time. Skips invalid parts up to the next comma outside of quotes; an unclosed quote extends to the end of
 * the header.
 */
export function parseLinkHeader(header: string): readonly HeaderLink[] {
  const links: HeaderLink[] = [];
  let offset = 0;

  const until = (ends: string): string => {
    const start = offset;
    while (offset < header.length && !ends.includes(header.charAt(offset))) offset++;
    return header.slice(start, offset);
  };
  const skip = (characters: string): void => {
    while (offset < header.length && characters.includes(header.charAt(offset))) offset++;
  };
  /** Reads a quoted string, in which a backslash makes the next character literal. */
  const quoted = (): string => {
    let value = "";
    for (offset++; offset < header.length && header[offset] !== '"'; offset++)
      value += header.charAt(header[offset] === "\\" ? ++offset : offset);
    offset++;
    return value;
  };
  /** Reads `name=value`, `name="value"` or `name`, with surrounding whitespace. */
  const param = (): readonly [string, string] => {
    skip(" \t");
    const name = until(" \t=;,").toLowerCase();
    skip(" \t");
    if (header[offset] !== "=") return [name, ""];
    offset++;
    skip(" \t");
    // Single quotes are not valid, but common.
    return [name, header[offset] === '"' ? quoted() : until(" \t;,").replace(/^'(.*)'$/, "$1")];
  };

  while (offset < header.length) {
    skip(" \t,");
    const isLink = header[offset] === "<";
    const target = isLink ? until(">").slice(1).trim() : "";
    const params = new Map<string, string>();
    while (offset < header.length && header[offset] !== ",") {
      if (header[offset] === '"') quoted();
      else if (header[offset++] === ";") {
        const [name, value] = param();
        if (!params.has(name)) params.set(name, value);
      }
    }
    if (isLink) links.push({ target, params });
  }
  return links;
}
