import type { JsonValue } from "@connector-gen/runtime";
import type { FieldChange } from "@connector-gen/runtime/kinds";
import { flattenFields } from "./flatten-fields.js";
import type { FieldIr, TypeIr } from "./source-ir.js";
import { fieldsOf, json, mergeFields, type Declared } from "./type-paths.js";
import { unionOf } from "./union.js";

/** The known type of records at one step: the fields of `base`, if any, and the fields here. */
export interface Shape {
  readonly base?: TypeIr;
  readonly fields: readonly FieldIr[];
}

/** The value of a placeholder. */
export interface PlaceholderType {
  readonly type: TypeIr;
  /** The origin as a phrase: ``From the parent record of `users` ``. */
  readonly origin?: string;
  /** The condition under which it is missing, as a phrase: `` `user_id` is given``. */
  readonly missing?: string;
}

/** The context in which shaping steps are typed. */
export interface ShapeContext {
  readonly declared: Declared;
  /** The type of records with unknown fields. */
  readonly free: TypeIr;
  readonly placeholder: (name: string) => PlaceholderType;
  /** Declares a nested type again for this resource, and returns a reference to it. */
  readonly redeclare: (name: string, type: TypeIr) => TypeIr;
}

/** Applies a change of fields to the type of the records. */
export function changeShape(shape: Shape, step: FieldChange, context: ShapeContext): Shape {
  switch (step.type) {
    case "include":
      return addFields(shape, includedFields(step.fields, context), context);
    case "add":
      return addFields(shape, addedFields(step.fields, context), context);
    case "rename":
      return editFields(shape, (fields) => renameFields(fields, step.fields), context);
    case "remove":
      return editFields(shape, (fields) => removeFields(fields, step.fields, context), context);
    case "flatten":
      return editFields(shape, (fields) => flattenFields(fields, step, context.declared), context);
    case "replace":
      return { base: context.free, fields: [] };
    default:
      return step satisfies never;
  }
}

/** Adds fields. A shared type becomes the base; if it has a field of the same name, its fields are copied. */
function addFields(shape: Shape, added: readonly FieldIr[], { declared }: ShapeContext): Shape {
  const { base, fields } = shape;
  // Records without known fields have at least these.
  if (base && isFree(base)) return shape;
  const known = base && fieldsOf(base, declared);
  const isTaken = known?.some(({ name }) => added.some((field) => field.name === name));
  if (base && !isTaken) return { base, fields: mergeFields([...fields, ...added]) };
  return { fields: mergeFields([...(known ?? []), ...fields, ...added]) };
}

/** Edits the fields of a shape. If its fields are unknown, the result is any object. */
function editFields(
  { base, fields }: Shape,
  edit: (fields: readonly FieldIr[]) => readonly FieldIr[],
  { declared, free }: ShapeContext,
): Shape {
  const known = base ? fieldsOf(base, declared) : [];
  if (!known) return { base: free, fields: [] };
  return { fields: edit(mergeFields([...known, ...fields])) };
}

function isFree(type: TypeIr): boolean {
  return type.kind === "json" || (type.kind === "map" && type.values.kind === "json");
}

function includedFields(
  fields: Readonly<Record<string, string>>,
  { placeholder }: ShapeContext,
): readonly FieldIr[] {
  return Object.entries(fields).map(([name, from]) => {
    const { type, origin, missing } = placeholder(from);
    return {
      name,
      required: missing === undefined,
      type,
      ...describe(origin, missing && `; missing if ${missing}`),
    };
  });
}

function addedFields(
  fields: Readonly<Record<string, JsonValue>>,
  { placeholder }: ShapeContext,
): readonly FieldIr[] {
  return Object.entries(fields).map(([name, value]) => {
    const alone = typeof value === "string" ? /^\{([^{}]+)\}$/.exec(value)?.[1] : undefined;
    if (alone === undefined) return { name, required: true, type: constantType(value) };
    const { type, origin, missing } = placeholder(alone);
    const certain = missing === undefined ? type : unionOf([type, { kind: "null" }]);
    return {
      name,
      required: true,
      type: certain,
      ...describe(origin, missing && `; \`null\` if ${missing}`),
    };
  });
}

function describe(origin: string | undefined, condition = ""): Pick<FieldIr, "description"> {
  return origin === undefined ? {} : { description: `${origin}${condition}.` };
}

function constantType(value: JsonValue): TypeIr {
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => constantType(item));
    return { kind: "array", items: items.length > 0 ? unionOf(items) : json };
  }
  if (typeof value === "object" && value !== null) return json;
  if (typeof value !== "string") return { kind: "enum", values: [value] };
  const text = value.replace(/\{\{|\}\}/g, "");
  if (/[{}]/.test(text)) return { kind: "string" };
  return { kind: "enum", values: [value.replaceAll("{{", "{").replaceAll("}}", "}")] };
}

/** Renames fields. A field that gets the name of another field replaces it. */
function renameFields(
  fields: readonly FieldIr[],
  names: Readonly<Record<string, string>>,
): readonly FieldIr[] {
  const isRenamed = ({ name }: FieldIr): boolean => Object.hasOwn(names, name);
  const taken = new Set(fields.filter(isRenamed).map(({ name }) => names[name]));
  return fields.flatMap((field) => {
    if (isRenamed(field)) return [{ ...field, name: names[field.name] ?? field.name }];
    return taken.has(field.name) ? [] : [field];
  });
}

/** Removes fields. Dots in a name lead into objects, unless a field has the whole name. */
function removeFields(
  fields: readonly FieldIr[],
  paths: readonly string[],
  context: ShapeContext,
): readonly FieldIr[] {
  return paths.reduce<readonly FieldIr[]>((rest, path) => {
    if (rest.some(({ name }) => name === path)) return rest.filter(({ name }) => name !== path);
    const [first = "", ...inner] = path.split(".");
    if (inner.length === 0) return rest;
    return rest.map((field) =>
      field.name === first ? { ...field, type: withoutField(field.type, inner.join("."), context) } : field,
    );
  }, fields);
}

function withoutField(type: TypeIr, path: string, context: ShapeContext): TypeIr {
  if (type.kind === "union") {
    return { ...type, options: type.options.map((option) => withoutField(option, path, context)) };
  }
  const target = type.kind === "ref" ? context.declared(type.name) : undefined;
  if (type.kind !== "ref" || !target) return type;
  const fields = fieldsOf(target, context.declared);
  if (!fields) return type;
  const rest = removeFields(fields, [path], context);
  return rest === fields ? type : context.redeclare(type.name, { kind: "object", fields: rest });
}
