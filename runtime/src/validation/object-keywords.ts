import type { Evaluation } from "./array-keywords.js";
import {
  count,
  isFields,
  listOf,
  mapOf,
  refuse,
  valid,
  type Keywords,
  type Outcome,
  type Place,
} from "./outcome.js";
import { matches } from "./scalar-keywords.js";

/** Applies the keywords of objects. */
export function objectKeywords(schema: Keywords, value: unknown, place: Evaluation): readonly Outcome[] {
  if (!isFields(value)) return [];
  return [
    ...sizes(schema, value, place),
    ...presence(schema, value, place),
    ...fields(schema, value, place),
    ...mapOf(schema["dependentSchemas"]).map(([name, part]) =>
      Object.hasOwn(value, name) ? place.evaluate(part, value, place) : valid,
    ),
    ...names(schema["propertyNames"], value, place),
  ];
}

function sizes(
  { minProperties, maxProperties }: Keywords,
  value: Keywords,
  place: Place,
): readonly Outcome[] {
  const size = Object.keys(value).length;
  const received = `received ${size}`;
  return [
    typeof minProperties === "number" && size < minProperties
      ? refuse(place, `expected at least ${count(minProperties, "field")}, ${received}`)
      : valid,
    typeof maxProperties === "number" && size > maxProperties
      ? refuse(place, `expected at most ${count(maxProperties, "field")}, ${received}`)
      : valid,
  ];
}

function presence(
  { required, dependentRequired }: Keywords,
  value: Keywords,
  place: Place,
): readonly Outcome[] {
  const needed = [
    ...listOf(required),
    ...mapOf(dependentRequired).flatMap(([name, others]) =>
      Object.hasOwn(value, name) ? listOf(others) : [],
    ),
  ].map(String);
  return [...new Set(needed)]
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => refuse({ ...place, path: [...place.path, name] }, "expected a value, received nothing"));
}

function fields(schema: Keywords, value: Keywords, place: Evaluation): readonly Outcome[] {
  const { properties, patternProperties, additionalProperties } = schema;
  const patterns = mapOf(patternProperties);
  const named = isFields(properties) ? properties : {};
  return Object.entries(value).flatMap(([name, item]) => {
    const schemas = [
      ...(Object.hasOwn(named, name) ? [named[name]] : []),
      ...patterns.filter(([pattern]) => matches(pattern, name)).map(([, part]) => part),
    ];
    const all = schemas.length === 0 && additionalProperties !== undefined ? [additionalProperties] : schemas;
    return all.map((part) => {
      const { issues } = place.evaluate(part, item, { ...place, path: [...place.path, name] });
      return { issues, seen: new Set([name]) };
    });
  });
}

function names(schema: unknown, value: Keywords, place: Evaluation): readonly Outcome[] {
  if (schema === undefined) return [];
  const isWrong = (name: string): boolean => place.evaluate(schema, name, place).issues.length > 0;
  return Object.keys(value)
    .filter(isWrong)
    .map((name) => refuse({ ...place, path: [...place.path, name] }, "expected another name of the field"));
}
