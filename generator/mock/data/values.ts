import type { FieldIr, JsonIr, TypeIr } from "../../ir/source-ir.js";
import type { Dice } from "./dice.js";
import { isObject, setOwn, type MutableObject } from "../json.js";
import type { Keys } from "./keys.js";
import { chooseNumber } from "./numbers.js";
import { chooseText, type FieldPlace } from "./texts.js";
import { isComposite, type Declarations } from "./types.js";
import { toSnake } from "./words.js";

/** Makes a value for record `index`; `depth` counts the objects and lists around it. */
export type MakeValue = (index: number, depth: number) => JsonIr;

/** What the making of values draws on. */
export interface Workshop {
  readonly dice: Dice;
  readonly declarations: Declarations;
  readonly keys: Keys;
  /** Declared types that are compiled already, so that recursion ends. */
  readonly compiled: Map<string, MakeValue>;
}

/** From here on, what may be left out is left out. */
const deepEnough = 5;
/** Beyond this, a type without any finite value gives up. */
const deepest = 16;

/** Compiles a type into a function that makes its values: the choices that names suggest are made once. */
export function compileType(type: TypeIr, place: FieldPlace, shop: Workshop): MakeValue {
  const { dice } = shop;
  switch (type.kind) {
    case "string":
      return compileText(type.format, place, shop);
    case "number":
      return compileNumber(type, place, shop);
    case "boolean":
      return () => dice.chance(/delet|archiv|block|suspend|cancel|hidden/.test(place.name) ? 0.1 : 0.5);
    case "null":
      return () => null;
    case "json":
      return () => dice.pick<() => JsonIr>(anyJson)();
    case "enum":
      return () => dice.pick(type.values);
    case "array":
      return compileArray(type.items, place, shop);
    case "tuple":
      return compileTuple(type, place, shop);
    case "map":
      return compileMap(type.values, place, shop);
    case "object":
      return compileObject(type.fields, place.owner, shop);
    case "union":
      return compileUnion(type.options, place, shop);
    case "intersection":
      return compileIntersection(type.parts, place, shop);
    case "ref":
      return compileReference(type.name, place, shop);
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

/** A key of another entity if the name says so: `course_id`, or the `id` of a nested course. */
function entityOf(place: FieldPlace): string | undefined {
  const name = toSnake(place.name);
  if (name === "id") return place.owner;
  return /^(.+)_ids?$/.exec(name)?.[1];
}

function compileText(format: string | undefined, place: FieldPlace, { dice, keys }: Workshop): MakeValue {
  const entity = format === undefined || format === "uuid" ? entityOf(place) : undefined;
  const make = entity === undefined ? chooseText(format, place) : keys.foreign(entity, "string");
  return (index) => make(dice, index);
}

function compileNumber(
  type: Extract<TypeIr, { kind: "number" }>,
  place: FieldPlace,
  { dice, keys }: Workshop,
): MakeValue {
  const entity = type.maximum === undefined ? entityOf(place) : undefined;
  const make = entity === undefined ? chooseNumber(type, place) : keys.foreign(entity, "number");
  return (index) => make(dice, index);
}

function compileArray(items: TypeIr, place: FieldPlace, shop: Workshop): MakeValue {
  const item = compileType(items, place, shop);
  const isDeep = isComposite(items, shop.declarations);
  return (index, depth) => {
    const length = isDeep && depth >= deepEnough ? 0 : shop.dice.whole(0, 3);
    return Array.from({ length }, () => item(index, depth + 1));
  };
}

function compileTuple(
  { items, rest }: Extract<TypeIr, { kind: "tuple" }>,
  place: FieldPlace,
  shop: Workshop,
): MakeValue {
  const heads = items.map((item) => compileType(item, place, shop));
  const tail = rest && compileArray(rest, place, shop);
  return (index, depth) => {
    const more = tail?.(index, depth) as readonly JsonIr[] | undefined;
    return [...heads.map((item) => item(index, depth + 1)), ...(more ?? [])];
  };
}

function compileMap(values: TypeIr, place: FieldPlace, shop: Workshop): MakeValue {
  const value = compileType(values, place, shop);
  const isDeep = isComposite(values, shop.declarations);
  return (index, depth) => {
    const length = isDeep && depth >= deepEnough ? 0 : shop.dice.whole(0, 3);
    return Object.fromEntries(
      Array.from({ length }, () => [shop.dice.word("noun"), value(index, depth + 1)]),
    );
  };
}

function compileObject(fields: readonly FieldIr[], owner: string, shop: Workshop): MakeValue {
  const parts = fields.map((field) => compileField(field, owner, shop));
  return (index, depth) => {
    const made: MutableObject = {};
    for (const part of parts) part(made, index, depth + 1);
    return made;
  };
}

type FillField = (target: MutableObject, index: number, depth: number) => void;

function compileField(field: FieldIr, owner: string, shop: Workshop): FillField {
  const { name, type, required } = field;
  const make = compileExamples(field, shop.dice) ?? compileType(type, { name, owner }, shop);
  const isDeep = isComposite(type, shop.declarations);
  return (target, index, depth) => {
    const isAbsent = !required && ((isDeep && depth >= deepEnough) || shop.dice.chance(0.15));
    if (!isAbsent) setOwn(target, name, make(index, depth));
  };
}

/** The schema's own examples, except for values that must agree with others: identities and times. */
function compileExamples({ name, type, examples = [] }: FieldIr, dice: Dice): MakeValue | undefined {
  const isRelated =
    entityOf({ name, owner: "" }) !== undefined || (type.kind === "string" && isTime(type.format));
  return examples.length === 0 || isRelated ? undefined : () => dice.pick(examples);
}

function isTime(format: string | undefined): boolean {
  return format === "date-time" || format === "date";
}

function compileUnion(options: readonly TypeIr[], place: FieldPlace, shop: Workshop): MakeValue {
  const compileAll = (types: readonly TypeIr[]): readonly MakeValue[] =>
    types.map((option) => compileType(option, place, shop));
  const isNullable = options.some((option) => option.kind === "null");
  const values = options.filter((option) => option.kind !== "null");
  const any = compileAll(values);
  const shallow = compileAll(values.filter((option) => !isComposite(option, shop.declarations)));
  return (index, depth) => {
    const isDeep = depth >= deepEnough;
    if (isNullable && (any.length === 0 || (isDeep && shallow.length === 0) || shop.dice.chance(0.1)))
      return null;
    const choice = isDeep && shallow.length > 0 ? shallow : any;
    return shop.dice.pick(choice)(index, depth);
  };
}

function compileIntersection(parts: readonly TypeIr[], place: FieldPlace, shop: Workshop): MakeValue {
  const all = parts.map((part) => compileType(part, place, shop));
  return (index, depth) => {
    const values = all.map((make) => make(index, depth));
    const objects = values.filter(isObject);
    return objects.length > 0
      ? Object.fromEntries(objects.flatMap((value) => Object.entries(value)))
      : (values[0] ?? null);
  };
}

/** Compiles a declared type when its first value is asked for, because it may refer to itself. */
function compileReference(name: string, place: FieldPlace, shop: Workshop): MakeValue {
  const type = shop.declarations.get(name);
  if (!type) return compileType({ kind: "json" }, place, shop);
  const isObject = type.kind === "object";
  // An alias is filled by the name of its field, an object by its own: the key must tell which, not who asked first.
  const key = isObject ? name : `${name} ${place.owner}.${place.name}`;
  return (index, depth) => {
    if (depth > deepest) return null;
    const made =
      shop.compiled.get(key) ??
      compileType(type, isObject ? { ...place, owner: toSnake(name) } : place, shop);
    shop.compiled.set(key, made);
    return made(index, depth);
  };
}
