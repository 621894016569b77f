import type { Span } from "../load/document.js";
import { list, nearest, quote } from "../wording.js";

/** A piece of a template: literal text, with `{{` and `}}` already read as braces, or a placeholder. */
export type TemplatePart = { readonly kind: "text"; readonly text: string } | Placeholder;

/** `{expression}` and where it stands in its text. */
export interface Placeholder extends Span {
  readonly kind: "placeholder";
  readonly expression: string;
}

/** What is wrong with a text, and at which spot of it. */
export interface TextProblem extends Partial<Span> {
  readonly code: string;
  readonly message: string;
}

/** A template taken apart. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  readonly problems: readonly TextProblem[];
}

/** The most problems of one text that are told. */
const MAX_PROBLEMS = 20;

/** Takes a template apart: `/v1/{id}`, where `{{` and `}}` are braces. */
export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  const problems: TextProblem[] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    if ((character === "{" || character === "}") && text[at + 1] === character) {
      literal += character;
      at += 2;
    } else if (character === "{") {
      const end = text.indexOf("}", at);
      const expression = text.slice(at + 1, end);
      if (end < 0 || expression.includes("{")) {
        problems.push(badPlaceholder("this brace is not closed: write {{ for a brace of the text", at, 1));
        return { parts, problems };
      }
      if (literal) parts.push({ kind: "text", text: literal });
      literal = "";
      parts.push({ kind: "placeholder", expression, offset: at, length: end + 1 - at });
      at = end + 1;
    } else {
      if (character === "}" && problems.length < MAX_PROBLEMS) {
        problems.push(badPlaceholder("this brace was not opened: write }} for a brace of the text", at, 1));
      }
      literal += character ?? "";
      at += 1;
    }
  }
  if (literal) parts.push({ kind: "text", text: literal });
  return { parts, problems };
}

/** Puts a template together again; placeholders are written as a function says. */
export function printTemplate(
  parts: readonly TemplatePart[],
  print: (part: Placeholder) => string = (part) => `{${part.expression}}`,
): string {
  return parts.map((part) => (part.kind === "text" ? escapeTemplate(part.text) : print(part))).join("");
}

/** The placeholders of a template; one that is repeated counts once. */
export function placeholdersOf(parts: readonly TemplatePart[]): readonly Placeholder[] {
  const placeholders = parts.filter((part) => part.kind === "placeholder");
  return [...new Map(placeholders.map((part) => [part.expression, part])).values()];
}

/** Writes a literal text as a template. */
export function escapeTemplate(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

/** What the word before a placeholder's first dot stands for: options of the factory, or what a read's plan gives. */
export const SCOPES = ["secrets", "config", "resources", "partitions", "incremental"] as const;

/** The word before the first dot of a placeholder. */
export type Scope = (typeof SCOPES)[number];

/** The scopes that are filled in when the client is created. */
export const OPTION_SCOPES = ["secrets", "config"] as const;

/** How messages name the placeholders of a scope. */
const FORMS: Readonly<Record<Scope, string>> = {
  secrets: "{secrets.name}",
  config: "{config.name}",
  resources: "{resources.parent.field}",
  partitions: "{partitions.name}",
  incremental: "{incremental.start_value}",
};

/** Reads `secrets.api_key`; nothing for any other expression. */
export function parseReference(
  expression: string,
): { readonly scope: (typeof OPTION_SCOPES)[number]; readonly name: string } | undefined {
  const match = /^(secrets|config)\.([A-Za-z_]\w*)$/.exec(expression);
  return match ? { scope: match[1] as "secrets" | "config", name: match[2] ?? "" } : undefined;
}

/** The names of a template's `{secrets.x}` or `{config.x}`, in order. */
export function referencesOf(template: string, scope: (typeof OPTION_SCOPES)[number]): string[] {
  return parseTemplate(template).parts.flatMap((part) => {
    const reference = part.kind === "placeholder" ? parseReference(part.expression) : undefined;
    return reference?.scope === scope ? [reference.name] : [];
  });
}

/** Checks a text in which only the given references may stand. */
export function checkTemplate(
  text: string,
  scopes: readonly (typeof OPTION_SCOPES)[number][],
): readonly TextProblem[] {
  const { parts, problems } = parseTemplate(text);
  const wrong = placeholdersOf(parts).filter((part) => {
    const reference = parseReference(part.expression);
    return !reference || !scopes.includes(reference.scope);
  });
  return [...problems, ...wrong.slice(0, MAX_PROBLEMS).map((part) => rejectPlaceholder(part, scopes))];
}

/** Says why a placeholder cannot stand where it stands, and what could. */
export function rejectPlaceholder(
  part: { readonly expression: string } & Span,
  scopes: readonly Scope[],
): TextProblem {
  const forms = either(scopes.map((scope) => FORMS[scope]));
  const name = quote(`{${part.expression}}`);
  const trimmed = part.expression.trim();
  if (trimmed === "") return badPlaceholder(`the placeholder {} is empty: write ${forms}`, part);
  if (trimmed.startsWith("secrets.") && !scopes.includes("secrets")) {
    return badPlaceholder(`${name}: no secret can stand here; write ${forms}`, part);
  }
  const head = part.expression.split(".", 1)[0] ?? "";
  if (head !== head.trim() || trimmed !== part.expression) {
    const isKnown = scopes.includes(trimmed.split(".", 1)[0] as Scope);
    if (isKnown) return badPlaceholder(`${name} has spaces in it; did you mean {${trimmed}}?`, part);
  }
  const scope = nearest(head, scopes);
  const meant =
    scope === undefined || scope === head
      ? ""
      : `; did you mean {${scope}${part.expression.slice(head.length)}}?`;
  const rule = scope === head ? "; a name consists of letters, digits and _" : "";
  return badPlaceholder(
    `${name} is no placeholder: valid here are ${forms}, and {{ for a brace${rule}${meant}`,
    part,
  );
}

/** `a, b or c`. */
function either(choices: readonly string[]): string {
  const last = choices.at(-1) ?? "";
  return choices.length > 1 ? `${choices.slice(0, -1).join(", ")} or ${last}` : last;
}

function badPlaceholder(message: string, span: Span): TextProblem;
function badPlaceholder(message: string, offset: number, length: number): TextProblem;
function badPlaceholder(message: string, place: Span | number, length = 1): TextProblem {
  const span =
    typeof place === "number" ? { offset: place, length } : { offset: place.offset, length: place.length };
  return { code: "bad-placeholder", message, ...span };
}

/** Lists the parameters that a path could name. */
export function listParameters(names: readonly string[]): string {
  return names.length === 0 ? "there are no params" : `params has ${list(names)}`;
}
