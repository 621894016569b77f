import type { JsonIr } from "../ir/source-ir.js";

/** Prints a value as TypeScript. Its text cannot end a string, a comment or a script element. */
export function printLiteral(value: JsonIr): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonIr[]).map(printLiteral).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${printKey(key)}: ${printLiteral(item)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return typeof value === "string" ? printString(value) : String(value);
}

/** Escapes control and format characters in code, including bidirectional ones. They occur only in strings. */
export function escapeInvisible(code: string): string {
  return code.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, toEscape);
}

/** Prints a text in double quotes. */
export function printString(text: string): string {
  return escapeInvisible(JSON.stringify(text)).replaceAll("</", "<\\/");
}

/** Prints a property name: without quotes if possible, computed for `__proto__`, which would set the prototype. */
export function printKey(key: string): string {
  if (key === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : printString(key);
}

/** Prints a property name of a type, where `__proto__` needs no special treatment. */
export function printMember(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : printString(key);
}

/** Escapes each UTF-16 code unit. */
function toEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
