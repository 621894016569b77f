import type { JsonSchema } from "../spec/spec.js";
import { both, refOf, type FlatSchema } from "./flat-schema.js";

/** The values of discriminator fields by field. */
export type Tags = ReadonlyMap<string, readonly string[]>;

/**
 * Returns the values that OpenAPI's `discriminator` assigns to a field of each alternative, by the name of the
 * alternative's schema. Without a mapping, the value is that name.
 */
export function discriminatorValues(roots: readonly JsonSchema[]): ReadonlyMap<string, Tags> {
  const found = new Map<string, Map<string, string[]>>();
  const add = (schema: string, field: string, values: readonly string[]): void => {
    const fields = found.get(schema) ?? new Map<string, string[]>();
    fields.set(field, [...new Set([...(fields.get(field) ?? []), ...values])]);
    found.set(schema, fields);
  };
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { discriminator, oneOf, anyOf } = value as Readonly<Record<string, unknown>>;
    const { propertyName, mapping } = (discriminator ?? {}) as Readonly<Record<string, unknown>>;
    const options = [oneOf, anyOf].find(Array.isArray) as readonly JsonSchema[] | undefined;
    if (typeof propertyName === "string" && options) {
      const names = options.flatMap((option) => refOf(option) ?? []);
      for (const name of names) add(name, propertyName, valuesOf(name, mapping));
    }
    for (const part of Object.values(value)) if (typeof part === "object") visit(part);
  };
  roots.forEach(visit);
  return found;
}

function valuesOf(name: string, mapping: unknown): readonly string[] {
  const mapped = Object.entries((mapping ?? {}) as Readonly<Record<string, unknown>>)
    .filter(([, target]) => typeof target === "string" && target.split("/").at(-1) === name)
    .map(([value]) => value);
  return mapped.length > 0 ? mapped : [name];
}

/** Sets the values of the discriminator fields of a schema. A field that lists its values keeps them. */
export function tagFields(flat: FlatSchema, tags: Tags | undefined): FlatSchema {
  if (!tags) return flat;
  const properties = new Map(flat.properties);
  for (const [field, values] of tags) {
    const known = properties.get(field);
    const isListed = typeof known === "object" && ["enum", "const", "$ref"].some((key) => key in known);
    if (known !== undefined && !isListed) properties.set(field, both(known, { enum: [...values] }));
  }
  return { ...flat, properties };
}
