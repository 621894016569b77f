import { evaluate } from "./evaluate.js";
import type { Definitions, Issue, Keywords } from "./outcome.js";

/** A check of zod 4: reads a value, and adds its issues. */
type Check = (payload: {
  readonly value: unknown;
  readonly issues: { push(issue: ZodIssue): unknown };
}) => void;

/** An issue in the format that zod expects from a check. */
interface ZodIssue {
  readonly code: "custom";
  readonly path: PropertyKey[];
  readonly message: string;
  readonly input: unknown;
  readonly [key: string]: unknown;
}

/**
 * Checks values by keywords of JSON Schema 2020-12, for those that zod lacks: `z.string().check(jsonSchema({ maxLength: 9
 * }))`. A `$ref` such as `#/schemas/User` refers to a definition. Keywords of other types do not apply.
 */
export function jsonSchema(keywords: Keywords, definitions: Definitions = {}): Check {
  return ({ value, issues }) => {
    for (const { path, message } of evaluate(keywords, value, { definitions, path: [] }).issues)
      issues.push(toZod({ path, message }));
  };
}

function toZod({ path, message }: Issue): ZodIssue {
  return { code: "custom", path: [...path], message, input: undefined };
}
