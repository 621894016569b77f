import { OPTION_SCOPES, parseReference, rejectPlaceholder, type TextProblem } from "./placeholders.js";
import { nearest } from "../wording.js";

/** A piece of a client header that a reader may take for a placeholder. */
const PIECES = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/**
 * Writes a header of the client as a template. dlt sends these as they stand: only `{secrets.x}` and `{config.x}` are
 * placeholders, `{{` is two braces.
 */
export function clientHeaderTemplate(text: string): string {
  return text.replaceAll(PIECES, (piece, expression: string | undefined) =>
    expression !== undefined && parseReference(expression)
      ? piece
      : piece.replaceAll("{", "{{").replaceAll("}", "}}"),
  );
}

/** Reports what is meant for a placeholder in a header of the client, but is none. */
export function checkClientHeader(text: string): readonly TextProblem[] {
  return bracesOf(text)
    .filter(isSlip)
    .map((part) => rejectPlaceholder(part, OPTION_SCOPES));
}

/** Pieces in braces that are sent as they are, but would be filled in elsewhere: `{resources.users.id}`. */
export function literalBraces(text: string): readonly string[] {
  return bracesOf(text)
    .filter((part) => !isSlip(part) && /^\w+(?:\.\w|$)/.test(part.expression))
    .map(({ expression }) => expression);
}

/** `{secret.x}`, `{ config.x }`. */
function isSlip({ expression }: Braces): boolean {
  const [head = "", ...rest] = expression.trim().split(".");
  return rest.length > 0 && nearest(head, OPTION_SCOPES) !== undefined;
}

interface Braces {
  readonly expression: string;
  readonly offset: number;
  readonly length: number;
}

function bracesOf(text: string): readonly Braces[] {
  return [...text.matchAll(PIECES)].flatMap((match) => {
    const [piece, expression] = match;
    if (expression === undefined || parseReference(expression)) return [];
    return [{ expression, offset: match.index, length: piece.length }];
  });
}
