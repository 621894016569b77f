import type { FieldIr, TypeIr } from "./source-ir.js";
import { fieldsOf, resolve, type Declared } from "./type-paths.js";
import { unionOf } from "./types.js";

/** How `flatten` names what it takes out of nested objects, and how deep it goes. */
export interface Flattening {
  readonly separator?: string | undefined;
  readonly depth?: number | undefined;
}

/**
 * The fields of records whose nested objects are spread over them: `owner: { id }` becomes `owner_id`. What may be
 * missing, `null` or something else stays under its own name too. Objects without declared fields are lost: which
 * fields they bring is not known.
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
      // A type within itself has no end: from here on nothing is declared.
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

/** The possibilities of a type, each by itself. */
function optionsOf(type: TypeIr, declared: Declared, depth = 0): readonly TypeIr[] {
  if (type.kind === "union" && depth < 32)
    return type.options.flatMap((option) => optionsOf(option, declared, depth + 1));
  const target = type.kind === "ref" && depth < 32 ? declared(type.name) : undefined;
  // A name of one object says more than what it stands for.
  return target && target.kind !== "object" ? optionsOf(target, declared, depth + 1) : [type];
}

/** Fields of one name, from several objects that a field may hold, hold either. */
function merge(fields: readonly FieldIr[]): readonly FieldIr[] {
  const merged = new Map<string, FieldIr>();
  for (const field of fields) {
    const other = merged.get(field.name);
    const type = other ? unionOf([other.type, field.type]) : field.type;
    merged.set(field.name, { ...field, type });
  }
  return [...merged.values()];
}
