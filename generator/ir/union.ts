import type { TypeIr } from "./source-ir.js";

/** Whether the options of a union can join those of another one. */
function isOpenUnion(type: TypeIr): type is Extract<TypeIr, { kind: "union" }> {
  return type.kind === "union" && !type.rules && type.exclusive !== true;
}

type EnumIr = Extract<TypeIr, { kind: "enum" }>;

/** Types that stay unchanged beside any other type of a union, except a duplicate. */
const plainKinds: ReadonlySet<TypeIr["kind"]> = new Set([
  ...(["string", "number", "boolean", "array", "tuple", "map", "object", "ref", "intersection"] as const),
]);

/**
 * Returns a union without duplicates and with `null` at the end. Returns any JSON value if one of the types is any JSON
 * value.
 */
export function unionOf(options: readonly TypeIr[]): TypeIr {
  const [first, second] = options;
  if (first && plainKinds.has(first.kind)) {
    if (options.length === 1) return first;
    if (options.length === 2 && second?.kind === "null") return { kind: "union", options };
  }
  if (first?.kind === "enum" && options.length === 1 && first.values.every(isText)) return first;
  const flat = options.flatMap((option) => (isOpenUnion(option) ? option.options : [option]));
  const free = flat.filter((option) => option.kind === "json" && !option.rules);
  const [any] = free;
  if (any) return free.find((option) => option.kind === "json" && option.exact) ?? any;
  const possible = flat.filter(({ kind }) => kind !== "never");
  const seen = new Set<string>();
  const unique = mergeEnums(possible).filter((option) => {
    const identity = identityOf(option);
    return !seen.has(identity) && Boolean(seen.add(identity));
  });
  // By convention, `null` comes last.
  const ordered = [
    ...unique.filter(({ kind }) => kind !== "null"),
    ...unique.filter(({ kind }) => kind === "null"),
  ];
  const [only, ...others] = ordered;
  if (!only) return { kind: "never" };
  return others.length === 0 ? only : { kind: "union", options: ordered };
}

/** Returns a text that is the same for equal types, whatever the order of their options and values. */
function identityOf(type: TypeIr): string {
  return JSON.stringify(type, (_key, value: unknown) => {
    const part = value as TypeIr | null;
    if (typeof part !== "object" || part === null) return value;
    if (part.kind === "union") return { ...part, options: part.options.map(identityOf).sort() };
    return part.kind === "enum"
      ? { ...part, values: part.values.map((each) => JSON.stringify(each)).sort() }
      : value;
  });
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isMergeable(option: TypeIr): boolean {
  return option.kind === "enum" && !option.rules;
}

/** Joins all enums of a union into one. Beside `string`, the values of an enum are suggestions. */
function mergeEnums(options: readonly TypeIr[]): readonly TypeIr[] {
  const enums = options.filter((option): option is EnumIr => isMergeable(option));
  if (enums.length === 0) return options;
  const isPlain = (option: TypeIr): boolean =>
    option.kind === "string" && option.format === undefined && !option.rules;
  const text = options.find(isPlain);
  const values = [...new Set(enums.flatMap((each) => each.values))];
  const hasNull = options.some(({ kind }) => kind === "null");
  const withNull = hasNull && !values.includes(null) ? [...values, null] : values;
  const isOpen = enums.some(({ open }) => open === true) || text !== undefined;
  const merged = literals(withNull, isOpen);
  return options.flatMap((option) => {
    if (option === enums[0]) return merged;
    return isMergeable(option) || option.kind === "null" || option === text ? [] : [option];
  });
}

/** Returns the literal types of values. Both booleans together are `boolean`. */
function literals(values: EnumIr["values"], isOpen: boolean): readonly TypeIr[] {
  const isBoolean = values.includes(true) && values.includes(false);
  const rest = isBoolean ? values.filter((value) => typeof value !== "boolean") : values;
  const [only] = rest;
  const list: readonly TypeIr[] =
    rest.length === 1 && only === null
      ? [{ kind: "null" }]
      : rest.length > 0
        ? [{ kind: "enum", values: rest, ...(isOpen && { open: true as const }) }]
        : [];
  return isBoolean ? [{ kind: "boolean" }, ...list] : list;
}
