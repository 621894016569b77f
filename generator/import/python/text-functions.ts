import { toFixed } from "./format-spec.js";
import { toPythonText } from "./literals.js";
import { constant, isTextConstant, type PyCall, type PyConstant, type PyValue } from "./values.js";

/** Calls a known function of numbers or text. Returns `undefined` for unknown results. */
export function callTextFunction(name: string, call: PyCall): PyValue | undefined {
  const { positional, origin } = call;
  const [first] = positional;
  const computed = (text: string | undefined): PyValue | undefined =>
    text === undefined ? undefined : { ...constant(text, origin), isComputed: true };
  if (/^(?:textwrap\.)?dedent$/.test(name))
    return isTextConstant(first) ? computed(dedent(first.value)) : undefined;
  if (/^(?:json\.|simplejson\.)dumps$/.test(name)) return computed(first && writeJson(first, call));
  if (name === "re.sub") return computed(substitute(call));
  if (name === "round" && first?.kind === "constant") return round(first, call);
  if (name === "abs" && first?.kind === "constant" && typeof first.value === "number")
    return { ...first, value: Math.abs(first.value), origin };
  return undefined;
}

function round(number: PyConstant, { positional, keywords, origin }: PyCall): PyValue | undefined {
  const digits = positional[1] ?? constant(0, origin);
  if (typeof number.value !== "number" || digits.kind !== "constant" || keywords.size > 0) return undefined;
  const text = toFixed(Math.abs(number.value), Number(digits.value));
  if (text === undefined) return undefined;
  const value = Math.sign(number.value) * Number(text);
  return positional[1] && number.isFloat
    ? { ...constant(value, origin), isFloat: true }
    : constant(value, origin);
}

/** Removes the indentation that all lines share. */
function dedent(text: string): string {
  const lines = text.split("\n").map((line) => (line.trim() === "" ? "" : line));
  const margins = lines.filter(Boolean).map((line) => /^[ \t]*/.exec(line)?.[0] ?? "");
  const [first = ""] = margins;
  let margin = first;
  while (!margins.every((one) => one.startsWith(margin))) margin = margin.slice(0, -1);
  return lines.map((line) => line.slice(margin.length)).join("\n");
}

/** Writes a value as `json.dumps` does. Returns `undefined` for unknown values and other options. */
function writeJson(value: PyValue, { keywords, positional }: PyCall): string | undefined {
  const others = [...keywords.keys()].filter((name) => name !== "separators");
  if (others.length > 0 || positional.length > 1) return undefined;
  const given = keywords.get("separators");
  const separators = given?.kind === "list" ? given.items.filter(isTextConstant) : [];
  if (given && separators.length !== 2) return undefined;
  const [comma = ", ", colon = ": "] = separators.map((one) => one.value);
  const write = (part: PyValue): string | undefined => {
    if (part.kind === "constant") return writeConstant(part);
    if (part.kind === "list" && part.type !== "set")
      return joinAll("[", part.items.map(write), { comma, end: "]" });
    if (part.kind !== "dict" || part.rest.length > 0) return undefined;
    const entries = [...part.entries].map(([key, entry]) => {
      const text = write(entry.value);
      const name = entry.given ? writeConstant(entry.given) : key;
      return text === undefined || name === undefined ? undefined : `${quoteText(name)}${colon}${text}`;
    });
    return joinAll("{", entries, { comma, end: "}" });
  };
  return write(value);
}

function joinAll(
  start: string,
  parts: readonly (string | undefined)[],
  { comma, end }: { readonly comma: string; readonly end: string },
): string | undefined {
  return parts.includes(undefined) ? undefined : `${start}${parts.join(comma)}${end}`;
}

function writeConstant(part: PyConstant): string | undefined {
  if (part.isTime) return undefined;
  if (typeof part.value === "string") return quoteText(part.value);
  return part.value === null || typeof part.value === "boolean" ? String(part.value) : toPythonText(part);
}

function quoteText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Evaluates `re.sub` for plain patterns in ASCII text, which mean the same in both languages. */
function substitute({ positional, keywords }: PyCall): string | undefined {
  const [pattern, by, text, ...others] = positional;
  if (!isTextConstant(pattern) || !isTextConstant(by) || !isTextConstant(text)) return undefined;
  const isPlain =
    /^[\w\s\-^$[\]()+*.|\\/:,@#&=]+$/.test(pattern.value) && !/\\[^wWdDsS\-./]/.test(pattern.value);
  const isAscii = /^[\n -~]*$/.test(text.value) && !by.value.includes("\\");
  if (others.length > 0 || keywords.size > 0 || !isPlain || !isAscii) return undefined;
  try {
    return text.value.replaceAll(new RegExp(pattern.value, "g"), () => by.value);
  } catch {
    return undefined;
  }
}
