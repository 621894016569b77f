import type { TextProblem } from "./template/placeholders.js";
import { quote } from "./wording.js";

/** Reserved words of JavaScript. */
const reservedWords = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);
/** Names of built-in types, which TypeScript does not allow for other types. */
const builtInTypes = new Set(
  "any bigint boolean never number object string symbol undefined unknown".split(" "),
);
/** Property names with a special meaning: `await` calls `then`. */
const specialNames = new Set(["then", "constructor", "__proto__"]);

/** Maximum length of a name, in UTF-16 code units. File systems have lower limits. */
const maxLength = 200;

/** Checks the name of a resource. */
export function checkResourceName(text: string): readonly TextProblem[] {
  if (text.trim() === "")
    return [{ code: "invalid-value", message: "the name of a resource must not be empty" }];
  return checkLength(text);
}

function checkLength(text: string): readonly TextProblem[] {
  if (text.length <= maxLength) return [];
  const message = `the name ${quote(text)} is ${text.length} characters long; the limit is ${maxLength}`;
  return [{ code: "too-long", message }];
}

/** Checks the name of a record's interface. */
export function checkTypeName(text: string): readonly TextProblem[] {
  return check(
    text,
    isIdentifier(text) && !reservedWords.has(text) && !builtInTypes.has(text),
    "a TypeScript type",
  );
}

/** Checks the name of a method. */
export function checkMethodName(text: string): readonly TextProblem[] {
  return check(text, isIdentifier(text) && !reservedWords.has(text) && !specialNames.has(text), "a method");
}

function check(text: string, valid: boolean, what: string): readonly TextProblem[] {
  if (text.length > maxLength) return checkLength(text);
  const message = `${quote(text)} cannot be the name of ${what}: use an identifier that is not reserved`;
  return valid ? [] : [{ code: "invalid-value", message }];
}

function isIdentifier(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
}
