import type { Span } from "../load/document.js";
import { list, nearest, quote } from "../wording.js";

/** A part of a template: a placeholder, or literal text with `{{` and `}}` unescaped. */
export type TemplatePart = { readonly kind: "text"; readonly text: string } | Placeholder;

/** `{expression}`, with its range in the template. */
export interface Placeholder extends Span {
  readonly kind: "placeholder";
  readonly expression: string;
}

/** A problem of a template; the range is within the template. */
export interface TextProblem extends Partial<Span> {
  /** Default: an error. */
  readonly severity?: "warning";
  readonly code: string;
  readonly message: string;
}

/** A parsed template. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  readonly problems: readonly TextProblem[];
}

/** Maximum number of reported problems for one template. */
const maxProblems = 20;

/** Maximum length of a placeholder, in UTF-16 code units. The names of options derive from placeholders. */
const maxExpression = 1_000;

/** Parses a template such as `/v1/{id}`. `{{` and `}}` stand for literal braces. */
export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  const problems: TextProblem[] = [];
  let literal = "";
  let offset = 0;
  while (offset < text.length) {
    const character = text[offset];
    if ((character === "{" || character === "}") && text[offset + 1] === character) {
      literal += character;
      offset += 2;
    } else if (character === "{") {
      const end = text.indexOf("}", offset);
      const expression = text.slice(offset + 1, end);
      if (end < 0 || expression.includes("{")) {
        problems.push(
          badPlaceholder("unclosed brace: close the placeholder, or write {{ for a literal brace", {
            offset,
            length: 1,
          }),
        );
        return { parts, problems };
      }
      if (expression.length > maxExpression) {
        const message = `the placeholder is ${expression.length} characters long; the limit is ${maxExpression}`;
        problems.push({ code: "too-long", message, offset, length: 1 });
        return { parts, problems };
      }
      if (literal) parts.push({ kind: "text", text: literal });
      literal = "";
      parts.push({ kind: "placeholder", expression, offset, length: end + 1 - offset });
      offset = end + 1;
    } else {
      if (character === "}" && problems.length < maxProblems) {
        problems.push(
          badPlaceholder("unmatched closing brace: write }} for a literal brace", { offset, length: 1 }),
        );
      }
      literal += character ?? "";
      offset += 1;
    }
  }
  if (literal) parts.push({ kind: "text", text: literal });
  return { parts, problems };
}

/** Prints a template; `print` writes the placeholders. */
export function printTemplate(
  parts: readonly TemplatePart[],
  print: (part: Placeholder) => string = (part) => `{${part.expression}}`,
): string {
  return parts.map((part) => (part.kind === "text" ? escapeTemplate(part.text) : print(part))).join("");
}

/** The placeholders of a template, without duplicates. */
export function placeholdersOf(parts: readonly TemplatePart[]): readonly Placeholder[] {
  const placeholders = parts.filter((part) => part.kind === "placeholder");
  return [...new Map(placeholders.map((part) => [part.expression, part])).values()];
}

/** Converts literal text to a template: doubles its braces. */
export function escapeTemplate(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

/** The scopes of placeholders: options of the factory first, then values that the plan of a read provides. */
export const scopes = ["secrets", "config", "resources", "partitions", "incremental", "job"] as const;

/** The first word of a placeholder, before the dot. */
export type Scope = (typeof scopes)[number];

/** The scopes that are filled in when the client is created. */
export const optionScopes = ["secrets", "config"] as const;

/** An example placeholder of each scope, for messages. */
const examples: Readonly<Record<Scope, string>> = {
  secrets: "{secrets.name}",
  config: "{config.name}",
  resources: "{resources.parent.field}",
  partitions: "{partitions.name}",
  incremental: "{incremental.start_value}",
  job: "{job.id}",
};

/** Parses `secrets.api_key` or `config.name`; `undefined` for any other expression. */
export function parseReference(
  expression: string,
): { readonly scope: (typeof optionScopes)[number]; readonly name: string } | undefined {
  const match = /^(secrets|config)\.([A-Za-z_]\w*)$/.exec(expression);
  return match ? { scope: match[1] as "secrets" | "config", name: match[2] ?? "" } : undefined;
}

/** The names in the `{secrets.x}` or `{config.x}` placeholders of a template, in order. */
export function referencesOf(template: string, scope: (typeof optionScopes)[number]): string[] {
  return parseTemplate(template).parts.flatMap((part) => {
    const reference = part.kind === "placeholder" ? parseReference(part.expression) : undefined;
    return reference?.scope === scope ? [reference.name] : [];
  });
}

/** Checks a template in which only references of the given scopes are valid. */
export function checkTemplate(
  text: string,
  valid: readonly (typeof optionScopes)[number][],
): readonly TextProblem[] {
  const { parts, problems } = parseTemplate(text);
  const wrong = placeholdersOf(parts).filter((part) => {
    const reference = parseReference(part.expression);
    return !reference || !valid.includes(reference.scope);
  });
  const rejected = wrong.slice(0, maxProblems).map((part) => rejectPlaceholder(part, valid));
  return [...problems, ...rejected, ...doubledPlaceholders(text)];
}

/** Matches a placeholder in doubled braces, as other template languages write it: `{{secrets.token}}`. */
const doubled = new RegExp(`\\{\\{\\s*((?:${scopes.join("|")})\\.[^{}\\s]+)\\s*\\}\\}`, "g");

/** Describes the placeholders of a template in doubled braces, which are literal text. */
export function doubledPlaceholders(text: string): readonly TextProblem[] {
  return [...text.matchAll(doubled)].slice(0, maxProblems).map(({ 0: whole, 1: expression = "", index }) => ({
    code: "literal-braces",
    message: `${quote(whole)} is sent as text, because {{ is a literal brace; did you mean {${expression}}?`,
    offset: index,
    length: whole.length,
  }));
}

/** Describes an invalid placeholder: why it is invalid, and what is valid instead. */
export function rejectPlaceholder(
  part: { readonly expression: string } & Span,
  valid: readonly Scope[],
): TextProblem {
  const forms = joinAlternatives(valid.map((scope) => examples[scope]));
  const name = quote(`{${part.expression}}`);
  const trimmed = part.expression.trim();
  if (trimmed === "")
    return badPlaceholder(`empty placeholder: write ${forms}, or {{}} for literal braces`, part);
  if (trimmed.startsWith("secrets.") && !valid.includes("secrets")) {
    return badPlaceholder(`${name}: secrets are not allowed here; write ${forms}`, part);
  }
  const head = part.expression.split(".", 1)[0] ?? "";
  if (head !== head.trim() || trimmed !== part.expression) {
    const isKnown = valid.includes(trimmed.split(".", 1)[0] as Scope);
    if (isKnown) return badPlaceholder(`${name} contains spaces; did you mean {${trimmed}}?`, part);
  }
  const scope = nearest(head, valid);
  const meant =
    scope === undefined || scope === head
      ? ""
      : `; did you mean {${scope}${part.expression.slice(head.length)}}?`;
  const rule = scope === head ? "; names consist of letters, digits and _" : "";
  const what =
    scope === head
      ? `invalid placeholder ${name}`
      : scopes.some((known) => known === head)
        ? `${name} is not available here`
        : `unknown placeholder ${name}`;
  return badPlaceholder(`${what}: write ${forms}, or {{ for a literal brace${rule}${meant}`, part);
}

/** `a, b or c`. */
function joinAlternatives(choices: readonly string[]): string {
  const last = choices.at(-1) ?? "";
  return choices.length > 1 ? `${choices.slice(0, -1).join(", ")} or ${last}` : last;
}

function badPlaceholder(message: string, { offset, length }: Span): TextProblem {
  return { code: "bad-placeholder", message, offset, length };
}

/** Describes the parameters that a path can refer to. */
export function listParameters(names: readonly string[]): string {
  return names.length === 0 ? "there are no params" : `params has ${list(names)}`;
}
