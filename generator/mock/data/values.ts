import type { FieldIr, JsonIr, TypeIr } from "../../ir/source-ir.js";
import type { Sampler } from "./sampler.js";
import { isObject, setOwn, type MutableObject } from "../json.js";
import type { Keys } from "./keys.js";
import { chooseNumber } from "./numbers.js";
import { chooseText, type FieldName } from "./texts.js";
import { heightOf, isComposite, type Declarations, type Heights } from "./types.js";
import { toSnake } from "./words.js";

/** Creates a value for the record at an index. `depth` counts the objects and lists around the value. */
export type MakeValue = (index: number, depth: number) => JsonIr;

/** Shared state of compiled types. */
export interface ValueContext {
  readonly sampler: Sampler;
  readonly declarations: Declarations;
  readonly heights: Heights;
  readonly keys: Keys;
  /** Compiled declared types by name. They end the recursion of a type that refers to itself. */
  readonly compiled: Map<string, MakeValue>;
  /** Number of objects and lists in the current record so far. */
  readonly size: { parts: number };
}

/** Depth, and number of objects and lists in a record, from which optional parts are omitted. */
const softLimit = { depth: 5, parts: 500 };
/** Depth and number from which a value becomes `null`, if its type has no finite value. */
const hardLimit = { depth: 17, parts: 2_000 };
/** Depth and number from which any declared value becomes `null`. */
const lastLimit = { depth: 200, parts: 100_000 };

function isBeyond(bound: typeof softLimit, depth: number, { size }: ValueContext): boolean {
  return depth >= bound.depth || size.parts >= bound.parts;
}

/** Compiles a type to a function that creates its values. Evaluates the names of fields once, at compile time. */
export function compileType(type: TypeIr, field: FieldName, context: ValueContext): MakeValue {
  const { sampler } = context;
  switch (type.kind) {
    case "string":
      return compileText(type.format, field, context);
    case "number":
      return compileNumber(type, field, context);
    case "boolean":
      return () => sampler.chance(/delet|archiv|block|suspend|cancel|hidden/.test(field.name) ? 0.1 : 0.5);
    case "null":
    case "never":
      return () => null;
    case "json":
      return () => sampler.pick<() => JsonIr>(anyJson)();
    case "enum":
      return () => sampler.pick(type.values);
    case "array":
      return compileArray(type.items, field, context);
    case "tuple":
      return compileTuple(type, field, context);
    case "map":
      return compileMap(type.values, field, context);
    case "object":
      return compileObject(type.fields, field.owner, context);
    case "union":
      return compileUnion(type.options, field, context);
    case "intersection":
      return compileIntersection(type.parts, field, context);
    case "ref":
      return compileReference(type.name, field, context);
    default:
      throw new Error(`no sample values for ${JSON.stringify(type satisfies never)}`);
  }
}

const anyJson: readonly (() => JsonIr)[] = [
  () => "anything",
  () => 42,
  () => true,
  () => null,
  () => ["a", 1, null],
  () => ({ key: "value", nested: { list: [] } }),
];

/** Returns the entity that a field refers to by its name: `course_id`, or the `id` of a nested course. */
function entityOf(field: FieldName): string | undefined {
  const name = toSnake(field.name);
  if (name === "id") return field.owner;
  return /^(.+)_ids?$/.exec(name)?.[1];
}

function compileText(
  format: string | undefined,
  field: FieldName,
  { sampler, keys }: ValueContext,
): MakeValue {
  const entity = format === undefined || format === "uuid" ? entityOf(field) : undefined;
  const make = entity === undefined ? chooseText(format, field) : keys.foreign(entity, "string");
  return (index) => make(sampler, index);
}

function compileNumber(
  type: Extract<TypeIr, { kind: "number" }>,
  field: FieldName,
  { sampler, keys }: ValueContext,
): MakeValue {
  const entity = type.maximum === undefined ? entityOf(field) : undefined;
  const make = entity === undefined ? chooseNumber(type, field) : keys.foreign(entity, "number");
  return (index) => make(sampler, index);
}

function compileArray(items: TypeIr, field: FieldName, context: ValueContext): MakeValue {
  const item = compileType(items, field, context);
  const isDeep = isComposite(items, context.declarations);
  return (index, depth) => {
    const length = isDeep && isBeyond(softLimit, depth, context) ? 0 : context.sampler.whole(0, 3);
    context.size.parts += 1;
    return Array.from({ length }, () => item(index, depth + 1));
  };
}

function compileTuple(
  { items, rest }: Extract<TypeIr, { kind: "tuple" }>,
  field: FieldName,
  context: ValueContext,
): MakeValue {
  const heads = items.map((item) => compileType(item, field, context));
  const tail = rest && compileArray(rest, field, context);
  return (index, depth) => {
    const more = tail?.(index, depth) as readonly JsonIr[] | undefined;
    return [...heads.map((item) => item(index, depth + 1)), ...(more ?? [])];
  };
}

function compileMap(values: TypeIr, field: FieldName, context: ValueContext): MakeValue {
  const value = compileType(values, field, context);
  const isDeep = isComposite(values, context.declarations);
  return (index, depth) => {
    const length = isDeep && isBeyond(softLimit, depth, context) ? 0 : context.sampler.whole(0, 3);
    context.size.parts += 1;
    return Object.fromEntries(
      Array.from({ length }, () => [context.sampler.word("noun"), value(index, depth + 1)]),
    );
  };
}

function compileObject(fields: readonly FieldIr[], owner: string, context: ValueContext): MakeValue {
  const parts = fields
    .filter(({ type }) => type.kind !== "never")
    .map((field) => compileField(field, owner, context));
  return (index, depth) => {
    const made: MutableObject = {};
    context.size.parts += 1;
    for (const part of parts) part(made, index, depth + 1);
    return made;
  };
}

type FillField = (target: MutableObject, index: number, depth: number) => void;

function compileField(field: FieldIr, owner: string, context: ValueContext): FillField {
  const { name, type, required } = field;
  const make = compileExamples(field, context.sampler) ?? compileType(type, { name, owner }, context);
  const isDeep = isComposite(type, context.declarations);
  return (target, index, depth) => {
    const isAbsent =
      !required && ((isDeep && isBeyond(softLimit, depth, context)) || context.sampler.chance(0.15));
    if (!isAbsent) setOwn(target, name, make(index, depth));
  };
}

/** Uses the examples of the schema, except for keys and times, which must agree with other values. */
function compileExamples({ name, type, examples = [] }: FieldIr, sampler: Sampler): MakeValue | undefined {
  const isRelated =
    entityOf({ name, owner: "" }) !== undefined || (type.kind === "string" && isTime(type.format));
  return examples.length === 0 || isRelated ? undefined : () => sampler.pick(examples);
}

function isTime(format: string | undefined): boolean {
  return format === "date-time" || format === "date";
}

function compileUnion(options: readonly TypeIr[], field: FieldName, context: ValueContext): MakeValue {
  const compileAll = (types: readonly TypeIr[]): readonly MakeValue[] =>
    types.map((option) => compileType(option, field, context));
  const isNullable = options.some((option) => option.kind === "null");
  const values = options.filter((option) => option.kind !== "null");
  const any = compileAll(values);
  const heights = values.map((option) => heightOf(option, context.heights));
  const least = Math.min(...heights);
  const shallow = any.filter((_, at) => heights[at] === least);
  return (index, depth) => {
    const isDeep = isBeyond(softLimit, depth, context);
    if (isNullable && (any.length === 0 || (isDeep && least > 0) || context.sampler.chance(0.1))) return null;
    return context.sampler.pick(isDeep ? shallow : any)(index, depth);
  };
}

function compileIntersection(parts: readonly TypeIr[], field: FieldName, context: ValueContext): MakeValue {
  const all = parts.map((part) => compileType(part, field, context));
  return (index, depth) => {
    const values = all.map((make) => make(index, depth));
    const objects = values.filter(isObject);
    return objects.length > 0
      ? Object.fromEntries(objects.flatMap((value) => Object.entries(value)))
      : (values[0] ?? null);
  };
}

/** Compiles a declared type when its first value is needed, because it may refer to itself. */
function compileReference(name: string, field: FieldName, context: ValueContext): MakeValue {
  const type = context.declarations.get(name);
  if (!type) return compileType({ kind: "json" }, field, context);
  const isObject = type.kind === "object";
  const isEndless = context.heights.get(name) === Infinity;
  // The values of an alias depend on the name of its field, those of an object on its own name.
  const key = isObject ? name : `${name} ${field.owner}.${field.name}`;
  return (index, depth) => {
    if (isBeyond(isEndless ? hardLimit : lastLimit, depth, context)) return null;
    const make =
      context.compiled.get(key) ??
      compileType(type, isObject ? { ...field, owner: toSnake(name) } : field, context);
    context.compiled.set(key, make);
    return make(index, depth);
  };
}
