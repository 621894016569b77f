import type { TextProblem } from "./template/placeholders.js";
import { quote } from "./wording.js";

const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);
/** Words that TypeScript does not let a type be named. */
const TYPE_WORDS = new Set(
  "any bigint boolean never number object string symbol undefined unknown".split(" "),
);
/** Names that give an object another meaning: `await` calls `then`. */
const TRAPS = new Set(["then", "constructor", "__proto__"]);

/** Checks a name chosen for a record's interface. */
export function checkTypeName(text: string): readonly TextProblem[] {
  return check(text, isIdentifier(text) && !RESERVED.has(text) && !TYPE_WORDS.has(text), "a TypeScript type");
}

/** Checks a name chosen for a method. */
export function checkMethodName(text: string): readonly TextProblem[] {
  return check(text, isIdentifier(text) && !RESERVED.has(text) && !TRAPS.has(text), "a method");
}

function check(text: string, valid: boolean, what: string): readonly TextProblem[] {
  return valid ? [] : [{ code: "invalid-value", message: `${quote(text)} cannot be the name of ${what}` }];
}

function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
}
