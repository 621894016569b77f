import type { Arguments } from "./functions.js";
import { itemsOf } from "./iterate.js";
import type { Span } from "./nodes.js";
import { formatText } from "./strings.js";
import {
  constant,
  isTextConstant,
  joinText,
  listValue,
  type PyConstant,
  type PyText,
  type PyValue,
} from "./values.js";

type Call = Arguments & { readonly origin: Span };

/** Calls a method of text. Returns `undefined` for unknown results. */
export function callTextMethod(text: string, method: string, call: Call): PyValue | undefined {
  const { positional, origin } = call;
  if (method === "format") {
    const pieces = formatText(text, call);
    return pieces && joinText(pieces, origin);
  }
  if (method === "join") return join(text, positional[0], origin);
  const args = positional.map((value) => (value.kind === "constant" ? value.value : undefined));
  if (args.includes(undefined)) return undefined;
  const result = apply(text, method, args as readonly PyConstant["value"][]);
  if (result === undefined) return undefined;
  if (typeof result === "object")
    return listValue(
      result.map((part) => constant(part, origin)),
      origin,
    );
  return { ...constant(result, origin), ...(typeof result === "string" && { isComputed: true }) };
}

function join(separator: string, value: PyValue | undefined, origin: Span): PyValue | undefined {
  const items = value && itemsOf(value);
  if (!items?.every((item) => isTextConstant(item) || item.kind === "text" || item.kind === "reference"))
    return undefined;
  return joinText(
    items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])),
    origin,
  );
}

type Result = string | number | boolean | readonly string[] | undefined;

function apply(text: string, method: string, args: readonly PyConstant["value"][]): Result {
  const [first, second] = args;
  const word = typeof first === "string" ? first : undefined;
  switch (method) {
    case "strip":
      return strip(strip(text, word, "start"), word, "end");
    case "lstrip":
      return strip(text, word, "start");
    case "rstrip":
      return strip(text, word, "end");
    case "split":
    case "rsplit":
      return split(text, word, { limit: second, isFromEnd: method === "rsplit" });
    case "splitlines":
      return text.split(/\r\n|\n|\r/);
    case "zfill":
      return typeof first === "number" ? text.padStart(first, "0") : undefined;
    default:
      return applyCase(text, method) ?? applyWord(text, method, { word, second });
  }
}

function applyCase(text: string, method: string): Result {
  switch (method) {
    case "lower":
    case "casefold":
      return text.toLowerCase();
    case "upper":
      return text.toUpperCase();
    case "capitalize":
      return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
    case "title":
      return text.toLowerCase().replaceAll(/[a-z]+/g, (part) => part.charAt(0).toUpperCase() + part.slice(1));
    case "isdigit":
      return /^\d+$/.test(text);
    case "encode":
    case "decode":
      return text;
    default:
      return undefined;
  }
}

function applyWord(
  text: string,
  method: string,
  { word, second }: { readonly word: string | undefined; readonly second: PyConstant["value"] | undefined },
): Result {
  if (word === undefined) return undefined;
  switch (method) {
    case "replace":
      return typeof second === "string" ? text.replaceAll(word, () => second) : undefined;
    case "startswith":
      return text.startsWith(word);
    case "endswith":
      return text.endsWith(word);
    case "removeprefix":
      return text.startsWith(word) ? text.slice(word.length) : text;
    case "removesuffix":
      return word !== "" && text.endsWith(word) ? text.slice(0, -word.length) : text;
    case "count":
      return word === "" ? undefined : text.split(word).length - 1;
    case "find":
    case "index":
      return text.indexOf(word);
    case "partition": {
      const at = text.indexOf(word);
      return at < 0 ? [text, "", ""] : [text.slice(0, at), word, text.slice(at + word.length)];
    }
    default:
      return undefined;
  }
}

function strip(text: string, characters: string | undefined, side: "start" | "end"): string {
  if (characters === undefined) return side === "start" ? text.trimStart() : text.trimEnd();
  const isStripped = (character: string | undefined): boolean =>
    character !== undefined && characters.includes(character);
  const letters = Array.from(text);
  if (side === "start") while (isStripped(letters[0])) letters.shift();
  else while (isStripped(letters.at(-1))) letters.pop();
  return letters.join("");
}

function split(
  text: string,
  separator: string | undefined,
  { limit, isFromEnd }: { readonly limit: PyConstant["value"] | undefined; readonly isFromEnd: boolean },
): readonly string[] | undefined {
  if (separator === "") return undefined;
  const parts = separator === undefined ? text.split(/\s+/).filter(Boolean) : text.split(separator);
  if (typeof limit !== "number" || limit < 0 || parts.length <= limit + 1) return parts;
  if (separator === undefined) return undefined;
  return isFromEnd
    ? [parts.slice(0, parts.length - limit).join(separator), ...parts.slice(parts.length - limit)]
    : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

/** Calls a method of text with unknown parts, if only its known parts matter. */
export function callPartialText(
  text: PyText,
  method: string,
  { positional, origin }: Call,
): PyValue | undefined {
  const [characters] = positional;
  const word = isTextConstant(characters) ? characters.value : undefined;
  if (!/^[lr]?strip$/.test(method) || (characters && word === undefined)) return undefined;
  const parts = text.parts.map((part, index) => {
    if (typeof part !== "string") return part;
    const isFirst = index === 0 && method !== "rstrip";
    const isLast = index === text.parts.length - 1 && method !== "lstrip";
    const start = isFirst ? strip(part, word, "start") : part;
    return isLast ? strip(start, word, "end") : start;
  });
  return joinText(parts, origin);
}

/** Returns `value[start:end:step]` of a list or of text. */
export function sliceOf(
  value: PyValue,
  bounds: readonly (PyValue | undefined)[],
  origin: Span,
): PyValue | undefined {
  const [start, end, step] = bounds.map((bound) =>
    bound?.kind === "constant" && typeof bound.value === "number" ? bound.value : undefined,
  );
  const isKnown = bounds.every(
    (bound) => !bound || (bound.kind === "constant" && typeof bound.value !== "string"),
  );
  if (!isKnown || (step !== undefined && step !== 1 && step !== -1)) return undefined;
  if (step === -1 && (start !== undefined || end !== undefined)) return undefined;
  if (isTextConstant(value)) {
    const letters = Array.from(value.value).slice(start, end);
    return { ...constant((step === -1 ? letters.reverse() : letters).join(""), origin), isComputed: true };
  }
  if (value.kind !== "list" || value.items.some((item) => item.kind === "unknown" && item.isSpread))
    return undefined;
  const items = value.items.slice(start, end);
  return listValue(step === -1 ? items.reverse() : items, origin);
}
