/** One link of a `Link` header. */
export interface HeaderLink {
  /** As it stands between `<` and `>`: absolute or relative. */
  readonly target: string;
  /** By their names in lower case; of two of one name the first. */
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Reads a `Link` header (RFC 8288 §3), several lines of it joined by commas: `<https://x.test/?p=2>; rel="next"`.
 *
 * One pass without looking back, so that no header takes long. What is no link is passed over up to the next comma outside
 * of quotes; a quote that is never closed ends with the header.
 */
export function parseLinkHeader(header: string): readonly HeaderLink[] {
  const links: HeaderLink[] = [];
  let at = 0;

  const until = (ends: string): string => {
    const start = at;
    while (at < header.length && !ends.includes(header.charAt(at))) at++;
    return header.slice(start, at);
  };
  const skip = (characters: string): void => {
    while (at < header.length && characters.includes(header.charAt(at))) at++;
  };
  /** In quotes, a backslash takes the next character as it is. */
  const quoted = (): string => {
    let value = "";
    for (at++; at < header.length && header[at] !== '"'; at++)
      value += header.charAt(header[at] === "\\" ? ++at : at);
    at++;
    return value;
  };
  /** One `name=value`, `name="value"` or `name`, with the white space around it. */
  const param = (): readonly [string, string] => {
    skip(" \t");
    const name = until(" \t=;,").toLowerCase();
    skip(" \t");
    if (header[at] !== "=") return [name, ""];
    at++;
    skip(" \t");
    return [name, header[at] === '"' ? quoted() : until(" \t;,")];
  };

  while (at < header.length) {
    skip(" \t,");
    const isLink = header[at] === "<";
    const target = isLink ? until(">").slice(1).trim() : "";
    const params = new Map<string, string>();
    while (at < header.length && header[at] !== ",") {
      if (header[at] === '"') quoted();
      else if (header[at++] === ";") {
        const [name, value] = param();
        if (!params.has(name)) params.set(name, value);
      }
    }
    if (isLink) links.push({ target, params });
  }
  return links;
}
