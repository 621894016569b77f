import { type Cursor, peek, problem, SelectorProblem, takeMatch } from "./text.js";

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "/": "/",
  "\\": "\\",
};

/** Reads a text in quotes, escapes as in JSON but for the quotes (RFC 9535 §2.3.1). */
export function readRfcString(cursor: Cursor): string {
  const start = cursor.at;
  const mark = peek(cursor);
  let text = "";
  cursor.at += 1;
  for (;;) {
    const character = peek(cursor);
    if (character === "") throw new SelectorProblem("this quote is not closed", { offset: start });
    if (character < " ") throw problem(cursor, "a control character is written as an escape, \\n or \\u000a");
    cursor.at += 1;
    if (character === mark) return text;
    text += character === "\\" ? readEscape(cursor, mark) : character;
  }
}

function readEscape(cursor: Cursor, mark: string): string {
  const character = peek(cursor);
  const escaped = character === mark ? mark : ESCAPES[character];
  if (escaped !== undefined) {
    cursor.at += 1;
    return escaped;
  }
  const pair = /u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}/;
  const code = takeMatch(cursor, pair) ?? takeMatch(cursor, /u(?![dD][89a-fA-F])[\da-fA-F]{4}/);
  if (code === undefined) throw problem(cursor, "there is no such escape");
  return code
    .split("\\")
    .map((unit) => String.fromCharCode(Number.parseInt(unit.slice(1), 16)))
    .join("");
}
