import type { SchemaIssue, StandardSchema } from "../client/schemas.js";
import { count, isFields } from "./outcome.js";
import { typeOf } from "./scalar-keywords.js";

/** An issue of zod, with the properties that zod adds. */
interface KnownIssue extends SchemaIssue {
  readonly code?: string;
  /** The issues of each alternative of a union. */
  readonly errors?: readonly (readonly KnownIssue[])[];
}

/**
 * Returns a schema whose issues also state the type or size of the received value, never the value itself. For a union,
 * they are the issues of the alternative that matches best.
 */
export function explain(schema: StandardSchema): StandardSchema {
  const { version, vendor, validate } = schema["~standard"];
  return {
    "~standard": {
      version,
      vendor,
      validate: async (value) => {
        const { issues } = await validate(value);
        return issues
          ? { issues: issues.flatMap((issue) => best(issue as KnownIssue)).map((issue) => say(issue, value)) }
          : {};
      },
    },
  };
}

/** Follows unions to the alternative with the issue that is deepest in the value. */
function best(issue: KnownIssue): readonly KnownIssue[] {
  const { errors = [], path = [] } = issue;
  const alternatives = errors.map((issues) =>
    issues.flatMap((each) => best({ ...each, path: [...path, ...(each.path ?? [])] })),
  );
  const depth = (issues: readonly KnownIssue[]): number =>
    Math.max(...issues.map((each) => (each.path ?? []).length));
  const deeper = alternatives.filter((issues) => issues.length > 0 && depth(issues) > path.length);
  const [first, ...others] = deeper.sort((a, b) => depth(b) - depth(a) || a.length - b.length);
  return first && others.length === 0 ? first : [issue];
}

function say(issue: KnownIssue, value: unknown): SchemaIssue {
  const { message, path = [] } = issue;
  if (message.includes("received")) return { message, path };
  return { message: `${message}, received ${received(value, path)}`, path };
}

/** Describes the value at a path without its content. */
function received(value: unknown, path: NonNullable<SchemaIssue["path"]>): string {
  let found = value;
  for (const step of path) {
    const key = typeof step === "object" ? step.key : step;
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return "nothing";
    found = (found as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  if (typeof found === "string") return `text of ${count(found.length, "character")}`;
  if (Array.isArray(found)) return `a list of ${count(found.length, "item")}`;
  if (isFields(found)) return `an object of ${count(Object.keys(found).length, "field")}`;
  const type = typeOf(found);
  return type === "null" || type === "undefined" ? type : `another ${type}`;
}
