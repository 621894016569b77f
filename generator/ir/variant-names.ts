import type { JsonValue } from "@connector-gen/runtime";
import type { JsonSchema, SchemaObject } from "../spec/spec.js";
import { anything, partsOf, refOf, type FlatSchema } from "./flat-schema.js";
import { toPascal } from "./names.js";
import { digest } from "./scope.js";

/** The type that contains the alternatives. */
interface VariantPlace {
  readonly name: string;
  readonly isDeclared?: boolean;
}

/**
 * Names the alternatives that become declarations: by their title, their schema, the value of their discriminator, or a
 * field that only they have; otherwise by a hash of their content.
 */
export function variantNames(
  options: readonly JsonSchema[],
  { name, isDeclared }: VariantPlace,
  flats: readonly FlatSchema[],
): readonly string[] {
  const objects = flats.filter(({ properties }) => properties.size > 0);
  const wishes = options.map((option, at) => {
    const { properties, required } = flats[at] ?? anything;
    const words = wordOf(option, properties);
    if (words !== undefined) return name + words;
    if (objects.length < 2) return isDeclared === true ? `${name}Object` : name;
    const isOwn = (field: string): boolean =>
      flats.every((other, index) => index === at || !other.properties.has(field));
    const own = [...properties.keys()].filter(isOwn).sort();
    const field = own.find((key) => required.has(key)) ?? own[0];
    return field === undefined ? undefined : `${name}With${toPascal(field)}`;
  });
  const isUnique = (wish: string): boolean => wishes.filter((each) => each === wish).length === 1;
  return options.map((option, at) => {
    const wish = wishes[at] ?? name;
    return objects.length < 2 || isUnique(wish) ? wish : `${wish}_${digest(option)}`;
  });
}

function wordOf(option: JsonSchema, properties: ReadonlyMap<string, JsonSchema>): string | undefined {
  if (typeof option !== "object") return undefined;
  const { title } = option;
  if (typeof title === "string" && title.length < 40 && toPascal(title)) return toPascal(title);
  const ref = partsOf(option).flatMap((part) => refOf(part) ?? [])[0];
  if (ref !== undefined) return toPascal(ref);
  for (const key of [...properties.keys()].sort()) {
    const property = properties.get(key);
    const value = typeof property === "object" ? valueOf(property) : undefined;
    if (typeof value === "string" && /^[A-Za-z][\w. -]{0,39}$/.test(value)) return toPascal(value);
  }
  return undefined;
}

function valueOf({ const: value, enum: values }: SchemaObject): JsonValue | undefined {
  if (value !== undefined) return value;
  const list = Array.isArray(values) ? (values as readonly JsonValue[]) : [];
  return list.length === 1 ? list[0] : undefined;
}

/** Whether a schema is a reference or has only simple types. It declares no type then, so it needs no name. */
export function isNameless(schema: JsonSchema): boolean {
  if (typeof schema === "boolean") return true;
  const { $ref, type } = schema;
  if ($ref !== undefined) return Object.keys(schema).length === 1;
  const types = Array.isArray(type) ? type : [type];
  return types.every((each) => simpleTypes.has(each)) && !structural.some((keyword) => keyword in schema);
}

const simpleTypes: ReadonlySet<unknown> = new Set(["string", "number", "integer", "boolean", "null"]);

/** Keywords that may declare types, whatever the type of their schema. */
const structural: readonly string[] = ["enum", "const", "allOf", "anyOf", "oneOf"];
