import type { FieldIr, TypeIr } from "../../ir/source-ir.js";
import { problemsOf } from "./fit.js";
import { schemaOf, type Definitions } from "./type-schema.js";
import type { Declarations } from "./types.js";

/** What decides whether types are limited. */
export interface LimitsContext {
  readonly declarations: Declarations;
  readonly definitions: Definitions;
}

/**
 * Whether generated values of a type may differ from its schema, because of keywords that a type does not express, or
 * because of parts that exclude each other. Comparing a record with its schema takes twenty times as long as creating it.
 */
export function isLimited(
  type: TypeIr,
  context: LimitsContext,
  seen: Set<TypeIr> = new Set<TypeIr>(),
): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const isAnyLimited = (types: readonly TypeIr[]): boolean =>
    types.some((each) => isLimited(each, context, seen));
  if (type.rules && !isPlainRange(type)) return true;
  switch (type.kind) {
    case "never":
    case "intersection":
      return true;
    case "array":
      return isAnyLimited([type.items]);
    case "map":
      return isAnyLimited([type.values]);
    case "tuple":
      return isAnyLimited([...type.items, ...(type.rest ? [type.rest] : [])]);
    case "object":
      return (
        type.base !== undefined ||
        type.fields.some((field) => hasInvalidExamples(field, context)) ||
        isAnyLimited(type.fields.map((field) => field.type))
      );
    case "union":
      return type.exclusive === true || isAnyLimited(type.options);
    case "ref": {
      const declared = context.declarations.get(type.name);
      return declared !== undefined && isAnyLimited([declared]);
    }
    default:
      return false;
  }
}

/** Whether the rules of a number are bounds that its values and all keys observe. */
function isPlainRange(type: TypeIr): boolean {
  if (type.kind !== "number") return false;
  const { minimum = 0, maximum = 0, rules = {} } = type;
  const areBounds = Object.keys(rules).every((keyword) => keyword === "minimum" || keyword === "maximum");
  return (
    areBounds &&
    minimum <= 1 &&
    (type.maximum === undefined || maximum >= minimum) &&
    [minimum, maximum].every(Number.isInteger)
  );
}

function hasInvalidExamples({ type, examples = [] }: FieldIr, { definitions }: LimitsContext): boolean {
  const schema = schemaOf(type);
  return examples.some((example) => problemsOf(example, schema, definitions).length > 0);
}
