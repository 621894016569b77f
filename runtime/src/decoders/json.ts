import { DecodeError, ReadFailure, foreign } from "../errors.js";
import { parseJson } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { toPayload, payloadRows, type PayloadOptions } from "./payload.js";
import type { Decoder } from "./decoder.js";

/** The deviations from JSON that a body may have. */
export interface JsonOptions extends PayloadOptions {
  /** Text before the JSON, such as `)]}'`. It may be absent. */
  readonly prefix?: string | undefined;
  /** The treatment of `NaN`, `Infinity` and `-Infinity`. Default `error`. */
  readonly nan?: "error" | "null" | undefined;
}

/** Decodes one JSON value that deviates from the standard. Standard JSON needs no decoder. */
export function json(options: JsonOptions = {}): Decoder {
  const { prefix = "", nan = "error" } = options;
  return {
    type: "json",
    options,
    accept: "application/json",
    ...toPayload(options),
    start: (isFirst) => {
      const parts: string[] = [];
      return {
        push: (text) => parts.push(text),
        end: () => {
          const text = parts.join("").trimStart();
          const rest = text.startsWith(prefix) ? text.slice(prefix.length) : text;
          return decodeJson(nan === "null" ? withoutNaN(rest) : rest, undefined, isFirst);
        },
      };
    },
  };
}

/** Replaces `NaN` and infinities outside strings with `null`. */
function withoutNaN(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : "null",
  );
}

/** Decodes a body. `type` is its content type, for the error. `isFirst`: the read has received no page yet. */
export function decodeJson(text: string, type?: string | null, isFirst?: boolean): unknown {
  const body = parseJson(text);
  if (body !== undefined) return body;
  const known = type == null ? "" : `${foreign(type)}, `;
  const { line, column, isCut } = locateError(text);
  const where = `line ${line}, column ${column}`;
  const what = text ? `not JSON (${known}${text.length} characters, ${where}${titleOf(text)})` : "empty";
  const isHtml = /^\s*</.test(text);
  // A truncated body and the error page of a proxy are worth a retry. HTML instead of the first page is worth only one. Any
  // other text would be the same again.
  const retries = isHtml && isFirst ? 1 : isCut || isHtml ? Infinity : 0;
  throw new ReadFailure(DecodeError, "NOT_JSON", `the body is ${what}`, { retries });
}

/** The title of an HTML page, for messages: `, titled "Sign in"`. */
export function titleOf(text: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1];
  return title === undefined ? "" : `, titled "${foreign(title.trim())}"`;
}

/** The tokens of JSON. */
const token =
  /\s*(?:[{}[\]:,]|"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*"|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null)(?![\w.]))/iy;

/** The first error of a text that is not JSON. */
interface JsonErrorPlace {
  /** 1-based, as is the column. */
  readonly line: number;
  readonly column: number;
  /** Whether more text could have made it valid. */
  readonly isCut: boolean;
}

/** Finds the first error of a text that is not JSON. */
export function locateError(text: string): JsonErrorPlace {
  let at = 0;
  token.lastIndex = 0;
  while (token.test(text)) at = token.lastIndex;
  at += /\s*/.exec(text.slice(at))?.[0].length ?? 0;
  let message = "";
  try {
    JSON.parse(text);
  } catch (error) {
    ({ message } = error as Error);
  }
  // The tokens are valid, but their order is not: only the engine knows the position.
  if (at >= text.length) at = Number(/ position (\d+)/.exec(message)?.[1] ?? at);
  const lines = text.slice(0, at).split("\n");
  return {
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
    // Engines quote the body only after these words.
    isCut: at >= text.length || /^[^"]*(?:\bend\b|EOF|nterminated)/i.test(message),
  };
}

/** The spec's `"json"`. Without options, it equals a read without a decoder. */
export const jsonKind: Kind = /* @__PURE__ */ defineKind<JsonOptions>(() => ({
  family: "decoder",
  type: "json",
  factory: "json",
  isDefault: true,
  summary: "One JSON value.",
  options: {
    prefix: {
      type: "text",
      description:
        "Text before the JSON, which keeps browsers from running the body as a script. It may be absent.",
      examples: [")]}'", "while(1);"],
    },
    nan: {
      type: "choice",
      choices: ["error", "null"],
      default: "error",
      description: "What `NaN`, `Infinity` and `-Infinity` become, which are not JSON.",
    },
    ...payloadRows(),
  },
  phrase: () => "JSON",
  format: { contentType: "application/json", write: (records) => JSON.stringify(records) },
  examples: ["json", { type: "json", prefix: ")]}'", nan: "null" }],
}));
