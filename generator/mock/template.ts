/** A part of a template: literal text, or the name of a placeholder such as `secrets.api_key` or `course_id`. */
export type Piece = { readonly text: string } | { readonly name: string };

/** Splits a template of the IR. `{name}` is a placeholder; `{{` and `}}` are literal braces. */
export function parseTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}/g)) {
    const [found, name] = match;
    if (match.index > end) pieces.push({ text: template.slice(end, match.index) });
    pieces.push(name === undefined ? { text: found.slice(1) } : { name });
    end = match.index + found.length;
  }
  if (end < template.length) pieces.push({ text: template.slice(end) });
  return pieces;
}

/** Fills the placeholders of a template. Returns `undefined` if a value is unknown. */
export function fillTemplate(
  template: string,
  values: (name: string) => string | undefined,
): string | undefined {
  const parts = parseTemplate(template).map((piece) => ("text" in piece ? piece.text : values(piece.name)));
  return parts.includes(undefined) ? undefined : parts.join("");
}
