import type { FieldIr, TypeIr } from "./source-ir.js";
import { fieldsOf, resolve, type Declared } from "./type-paths.js";
import { unionOf } from "./union.js";

/** The options of `flatten`: the separator in the names of fields, and the depth. */
export interface Flattening {
  readonly separator?: string | undefined;
  readonly depth?: number | undefined;
}

/**
 * Returns the fields of flattened records: `owner: { id }` becomes `owner_id`. A field that may be missing, `null` or
 * not an object also keeps its own name. Objects without declared fields are dropped, because their fields are unknown.
 */
export function flattenFields(
  fields: readonly FieldIr[],
  { separator = "_", depth = Infinity }: Flattening,
  declared: Declared,
): readonly FieldIr[] {
  const flatten = (field: FieldIr, levels: number, seen: readonly string[]): readonly FieldIr[] => {
    const { type, name } = field;
    const options = optionsOf(type, declared);
    const objects = options.filter(isObject);
    if (levels <= 0) return [field];
    if (objects.length === 0) return [type.kind === "json" ? { ...field, required: false } : field];
    const others = options.filter((option) => !isObject(option));
    const isCertain = field.required && options.length === 1;
    const inner = objects.flatMap((object) => {
      const key = JSON.stringify(object);
      // A recursive type has no last level, so its inner levels are not declared.
      if (seen.includes(key)) return [];
      return (fieldsOf(object, declared) ?? []).flatMap((each) =>
        flatten(
          { ...each, name: name + separator + each.name, required: each.required && isCertain },
          levels - 1,
          [...seen, key],
        ),
      );
    });
    const own: readonly FieldIr[] =
      others.length === 0 ? [] : [{ ...field, required: false, type: unionOf(others) }];
    return [...own, ...inner];
  };
  const isObject = (type: TypeIr): boolean =>
    ["object", "map", "intersection"].includes(resolve(type, declared)?.kind ?? "");
  return merge(fields.flatMap((field) => flatten(field, depth, [])));
}

/** Returns the members of a union. Any other type is its only member. */
function optionsOf(type: TypeIr, declared: Declared, depth = 0): readonly TypeIr[] {
  if (type.kind === "union" && depth < 32)
    return type.options.flatMap((option) => optionsOf(option, declared, depth + 1));
  const target = type.kind === "ref" && depth < 32 ? declared(type.name) : undefined;
  // The name of an object is more readable than its fields.
  return target && target.kind !== "object" ? optionsOf(target, declared, depth + 1) : [type];
}

/** Joins fields of the same name, from the alternatives of a field, to a union. */
function merge(fields: readonly FieldIr[]): readonly FieldIr[] {
  const merged = new Map<string, FieldIr>();
  for (const field of fields) {
    const other = merged.get(field.name);
    const type = other ? unionOf([other.type, field.type]) : field.type;
    merged.set(field.name, { ...field, type });
  }
  return [...merged.values()];
}
