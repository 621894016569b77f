import { isTextConstant, joinText, type PyCall, type PyValue } from "./values.js";

/** Calls a function that joins or encodes parts of a URL. Returns `undefined` for unknown results. */
export function joinUrl(name: string, { positional, keywords, origin }: PyCall): PyValue | undefined {
  const [first, second] = positional;
  if (/(?:^|\.)(?:path|posixpath)\.join$/.test(name)) return joinPath(positional, origin);
  if (/(?:^|\.)join_url$/.test(name) && positional.length === 2) return joinPath(positional, origin);
  if (keywords.size > 0) return undefined;
  if (/(?:^|\.)urljoin$/.test(name) && isTextConstant(first) && isTextConstant(second))
    return URL.canParse(second.value, first.value)
      ? joinText([new URL(second.value, first.value).href], origin)
      : undefined;
  if (/(?:^|\.)quote(?:_plus)?$/.test(name) && isTextConstant(first) && positional.length === 1)
    return joinText([quote(first.value, name)], origin);
  return undefined;
}

/** Joins a path as `os.path.join` does: a part that starts with a slash discards the parts before it. */
function joinPath(parts: readonly PyValue[], origin: PyValue["origin"]): PyValue | undefined {
  const isKnown = parts.every(
    (part) => isTextConstant(part) || part.kind === "text" || part.kind === "reference",
  );
  if (!isKnown || parts.length === 0) return undefined;
  const start = parts.reduce(
    (last, part, index) => (isTextConstant(part) && part.value.startsWith("/") ? index : last),
    0,
  );
  const pieces: (string | PyValue)[] = [];
  for (const part of parts.slice(start)) {
    const before = pieces.at(-1);
    const last =
      before === undefined || typeof before === "string"
        ? before
        : isTextConstant(before)
          ? before.value
          : "x";
    if (last !== undefined && last !== "" && !last.endsWith("/")) pieces.push("/");
    pieces.push(part);
  }
  return joinText(pieces, origin);
}

function quote(text: string, name: string): string {
  const encoded = encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  // `quote` keeps slashes; `quote_plus` writes spaces as plus signs.
  return name.endsWith("plus") ? encoded.replaceAll("%20", "+") : encoded.replaceAll("%2F", "/");
}
