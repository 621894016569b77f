import { optionScopes, parseReference, rejectPlaceholder, type TextProblem } from "./placeholders.js";
import { nearest } from "../wording.js";

/** Matches the parts of a client header that look like placeholders or escaped braces. */
const braces = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * Converts a header of the client to a template. As in dlt, braces in it are literal: only `{secrets.x}` and
 * `{config.x}` are placeholders, and `{{` is two braces.
 */
export function clientHeaderTemplate(text: string): string {
  return text.replaceAll(braces, (piece, expression: string | undefined) =>
    expression !== undefined && parseReference(expression)
      ? piece
      : piece.replaceAll("{", "{{").replaceAll("}", "}}"),
  );
}

/** Reports misspelt placeholders in a header of the client: `{secret.x}`, `{ config.x }`. */
export function checkClientHeader(text: string): readonly TextProblem[] {
  return bracesOf(text)
    .filter(isMisspelt)
    .map((part) => rejectPlaceholder(part, optionScopes));
}

/** Expressions that are literal here but placeholders elsewhere: `{resources.users.id}`. */
export function literalBraces(text: string): readonly string[] {
  return bracesOf(text)
    .filter((part) => !isMisspelt(part) && /^\w+(?:\.\w|$)/.test(part.expression))
    .map(({ expression }) => expression);
}

/** Whether an expression is a misspelt reference: `{secret.x}`, `{ config.x }`. */
function isMisspelt({ expression }: Braces): boolean {
  const [head = "", ...rest] = expression.trim().split(".");
  return rest.length > 0 && nearest(head, optionScopes) !== undefined;
}

interface Braces {
  readonly expression: string;
  readonly offset: number;
  readonly length: number;
}

function bracesOf(text: string): readonly Braces[] {
  return [...text.matchAll(braces)].flatMap((match) => {
    const [piece, expression] = match;
    if (expression === undefined || parseReference(expression)) return [];
    return [{ expression, offset: match.index, length: piece.length }];
  });
}
