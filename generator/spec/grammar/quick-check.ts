import type * as z from "zod";

/** Returns whether a value certainly matches. After `false`, only the grammar itself shows whether there is a problem. */
export type QuickCheck = (value: unknown) => boolean;

/**
 * Derives a check from a grammar. Unlike parsing, it neither copies values nor describes problems. A large spec consists
 * of record schemas, nearly all of which are valid. Grammars with custom checks never match.
 */
export function createQuickCheck(grammar: z.ZodType): QuickCheck {
  const known = new Map<z.ZodType, QuickCheck>();
  const checkOf = (schema: unknown): QuickCheck => {
    const type = schema as z.ZodType;
    let check = known.get(type);
    if (!check) {
      // Grammars refer to themselves, so nested checks are derived at their first use.
      let derived: QuickCheck | undefined;
      check = (value) => (derived ??= derive(type, checkOf))(value);
      known.set(type, check);
    }
    return check;
  };
  return checkOf(grammar);
}

type CheckOf = (schema: unknown) => QuickCheck;

/** The parts of zod's definitions that this module reads. */
interface Definition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDefinition } }[];
  readonly innerType?: unknown;
  readonly getter?: () => unknown;
  readonly options?: readonly unknown[];
  readonly element?: unknown;
  readonly valueType?: unknown;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly catchall?: { readonly _zod: { readonly def: Definition } };
  readonly check?: string;
  readonly format?: string;
}

interface CheckDefinition {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly minimum?: number;
}

const never: QuickCheck = () => false;

function derive(schema: z.ZodType, checkOf: CheckOf): QuickCheck {
  const definition = schema._zod.def as unknown as Definition;
  const limits = (definition.checks ?? []).map(({ _zod }) => limitOf(_zod.def));
  const isKind = kindCheck(definition, checkOf);
  return limits.length === 0 ? isKind : (value) => isKind(value) && limits.every((limit) => limit(value));
}

function limitOf({ check, value: bound = NaN, inclusive, minimum = NaN }: CheckDefinition): QuickCheck {
  switch (check) {
    case "greater_than":
      return (value) =>
        typeof value === "number" && (value > bound || (inclusive === true && value === bound));
    case "min_length":
      return (value) => (Array.isArray(value) || typeof value === "string") && value.length >= minimum;
    default:
      return never;
  }
}

function kindCheck(definition: Definition, checkOf: CheckOf): QuickCheck {
  switch (definition.type) {
    case "unknown":
      return () => true;
    case "string":
      return definition.check === undefined ? (value) => typeof value === "string" : never;
    case "boolean":
      return (value) => typeof value === "boolean";
    case "number":
      return numberCheck(definition);
    case "enum": {
      const words = new Set(Object.values(definition.entries ?? {}));
      return (value) => words.has(value);
    }
    case "optional":
    case "nullable": {
      const inner = checkOf(definition.innerType);
      const empty = definition.type === "optional" ? undefined : null;
      return (value) => value === empty || inner(value);
    }
    case "lazy":
      return checkOf(definition.getter?.());
    case "union": {
      const options = (definition.options ?? []).map(checkOf);
      return (value) => options.some((option) => option(value));
    }
    case "array": {
      const item = checkOf(definition.element);
      return (value) => Array.isArray(value) && value.every(item);
    }
    case "record": {
      const inner = checkOf(definition.valueType);
      return (value) => isPlain(value) && Object.keys(value).every((key) => inner(value[key]));
    }
    case "object":
      return objectCheck(definition, checkOf);
    default:
      return never;
  }
}

function numberCheck({ check, format }: Definition): QuickCheck {
  if (check === undefined) return Number.isFinite;
  return format === "safeint" ? Number.isSafeInteger : never;
}

/** Returns the check of an object without required keys that allows other keys. */
function objectCheck({ shape = {}, catchall }: Definition, checkOf: CheckOf): QuickCheck {
  const fields = new Map(Object.entries(shape).map(([key, schema]) => [key, checkOf(schema)]));
  const isLoose = catchall?._zod.def.type === "unknown";
  const isOptional = [...fields.values()].every((field) => field(undefined));
  if (!isLoose || !isOptional) return never;
  return (value) =>
    isPlain(value) && Object.keys(value).every((key) => fields.get(key)?.(value[key]) ?? true);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
