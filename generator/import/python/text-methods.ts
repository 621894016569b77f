import type { Arguments } from "./functions.js";
import { itemsOf } from "./iterate.js";
import type { Span } from "./nodes.js";
import { formatText } from "./strings.js";
import {
  constant,
  isTextConstant,
  isWhole,
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
  if (/^(?:starts|ends)with$/.test(method) && positional[0]?.kind === "list")
    return startsWithAny(text, method, { call, words: positional[0].items });
  const args = argumentsFor(method, call);
  const result = args && apply(text, method, args);
  if (result === undefined) return undefined;
  if (typeof result === "object")
    return listValue(
      result.map((part) => constant(part, origin)),
      origin,
    );
  return { ...constant(result, origin), ...(typeof result === "string" && { isComputed: true }) };
}

/** Parameters of the methods of text. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  split: ["sep", "maxsplit"],
  rsplit: ["sep", "maxsplit"],
  replace: ["old", "new", "count"],
  strip: ["chars"],
  lstrip: ["chars"],
  rstrip: ["chars"],
  zfill: ["width"],
  ljust: ["width", "fillchar"],
  rjust: ["width", "fillchar"],
  encode: ["encoding", "errors"],
  decode: ["encoding", "errors"],
  startswith: ["prefix"],
  endswith: ["suffix"],
  removeprefix: ["prefix"],
  removesuffix: ["suffix"],
  count: ["sub"],
  find: ["sub"],
  index: ["sub"],
  partition: ["sep"],
  rpartition: ["sep"],
};

type Arg = PyConstant["value"] | undefined;

/**
 * Returns the arguments of a method in the order of its parameters. Returns `undefined` if one is unknown or not
 * supported.
 */
function argumentsFor(method: string, { positional, keywords }: Call): readonly Arg[] | undefined {
  const names = Object.hasOwn(parameters, method) ? (parameters[method] ?? []) : [];
  if (positional.length > names.length || [...keywords.keys()].some((name) => !names.includes(name)))
    return undefined;
  const values = names.map((name, index) => positional[index] ?? keywords.get(name));
  if (values.some((value) => value && value.kind !== "constant")) return undefined;
  return values.map((value) => (value?.kind === "constant" ? value.value : undefined));
}

function startsWithAny(
  text: string,
  method: string,
  { call, words }: { readonly call: Call; readonly words: readonly PyValue[] },
): PyValue | undefined {
  if (!words.every(isTextConstant) || call.positional.length > 1) return undefined;
  const isStart = method === "startswith";
  return constant(
    words.some(({ value }) => (isStart ? text.startsWith(value) : text.endsWith(value))),
    call.origin,
  );
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

function apply(text: string, method: string, args: readonly Arg[]): Result {
  const [first, second, third] = args;
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
      return text.replace(/(?:\r\n|\n|\r)$/, "").split(/\r\n|\n|\r/);
    case "zfill":
      return typeof first === "number" && !/^[+-]/.test(text) ? text.padStart(first, "0") : undefined;
    case "ljust":
    case "rjust": {
      const fill = typeof second === "string" ? second : " ";
      if (typeof first !== "number" || fill.length !== 1) return undefined;
      return method === "ljust" ? text.padEnd(first, fill) : text.padStart(first, fill);
    }
    case "replace":
      return typeof third === "number"
        ? replaceFirst(text, { word, by: second, count: third })
        : applyWord(text, method, { word, second });
    default:
      return applyCase(text, method) ?? applyWord(text, method, { word, second });
  }
}

function replaceFirst(
  text: string,
  { word, by, count }: { readonly word: string | undefined; readonly by: Arg; readonly count: number },
): string | undefined {
  if (word === undefined || word === "" || typeof by !== "string") return undefined;
  const parts = text.split(word);
  if (count < 0 || parts.length <= count + 1) return parts.join(by);
  return [parts.slice(0, count + 1).join(by), ...parts.slice(count + 1)].join(word);
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
      return text
        .toLowerCase()
        .replaceAll(/\p{L}+/gu, (part) => part.charAt(0).toUpperCase() + part.slice(1));
    case "isdigit":
      return /^\d+$/.test(text);
    case "isalpha":
      return /^\p{L}+$/u.test(text);
    case "isalnum":
      return /^[\p{L}\p{N}]+$/u.test(text);
    case "isspace":
      return /^\s+$/.test(text);
    case "isupper":
      return text === text.toUpperCase() && text !== text.toLowerCase();
    case "islower":
      return text === text.toLowerCase() && text !== text.toUpperCase();
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
  { word, second }: { readonly word: string | undefined; readonly second: Arg },
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
      return text.indexOf(word);
    case "index":
      return text.includes(word) ? text.indexOf(word) : undefined;
    case "rpartition": {
      const at = text.lastIndexOf(word);
      return at < 0 ? ["", "", text] : [text.slice(0, at), word, text.slice(at + word.length)];
    }
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
  { limit, isFromEnd }: { readonly limit: Arg; readonly isFromEnd: boolean },
): readonly string[] | undefined {
  if (separator === "") return undefined;
  const parts = separator === undefined ? text.split(/\s+/).filter(Boolean) : text.split(separator);
  if (typeof limit !== "number" || limit < 0 || parts.length <= limit + 1) return parts;
  if (separator === undefined) return isFromEnd ? undefined : splitWords(text, limit);
  return isFromEnd
    ? [parts.slice(0, parts.length - limit).join(separator), ...parts.slice(parts.length - limit)]
    : [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

/** Splits text at spaces, at most `limit` times. */
function splitWords(text: string, limit: number): readonly string[] {
  const parts: string[] = [];
  let rest = text.trimStart();
  while (parts.length < limit && rest !== "") {
    const [word = ""] = /^\S+/.exec(rest) ?? [];
    parts.push(word);
    rest = rest.slice(word.length).trimStart();
  }
  return rest === "" ? parts : [...parts, rest];
}

/** Calls a method of text with unknown parts, if only its known parts matter. */
export function callPartialText(
  text: PyText,
  method: string,
  { positional, origin }: Call,
): PyValue | undefined {
  if (/^(?:en|de)code$/.test(method)) return text;
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
  if (!isKnown || (step ?? 1) === 0) return undefined;
  if ((step ?? 1) < 0 && (start !== undefined || end !== undefined)) return undefined;
  const take = <T>(items: readonly T[]): readonly T[] => {
    const part = items.slice(start, end);
    if ((step ?? 1) < 0) part.reverse();
    return part.filter((_, index) => index % Math.abs(step ?? 1) === 0);
  };
  if (isTextConstant(value))
    return { ...constant(take(Array.from(value.value)).join(""), origin), isComputed: true };
  if (!isWhole(value)) return undefined;
  return { ...listValue(take(value.items), origin), type: value.type };
}
