import { arrayKeywords } from "./array-keywords.js";
import { objectKeywords } from "./object-keywords.js";
import { isFields, join, listOf, refuse, valid, type Keywords, type Outcome, type Place } from "./outcome.js";
import { numberKeywords, typeOf, textKeywords } from "./scalar-keywords.js";
import { equal } from "./equal.js";

/** Compares a value with a schema. */
export function evaluate(schema: unknown, given: unknown, place: Place): Outcome {
  if (schema === false) return refuse(place, "expected no value");
  if (!isFields(schema)) return valid;
  // Schemas describe the text that the API sends, so decoded dates become text again.
  const value = given instanceof Date ? given.toISOString() : given;
  const known = join([
    ...plainKeywords(schema, value, place),
    ...combinations(schema, value, place),
    ...objectKeywords(schema, value, { ...place, evaluate }),
    ...arrayKeywords(schema, value, { ...place, evaluate }),
  ]);
  const rest = unevaluated(schema, value, { ...place, seen: known.seen });
  return rest === valid ? known : join([known, rest]);
}

function plainKeywords(schema: Keywords, value: unknown, place: Place): readonly Outcome[] {
  const { type, const: only, enum: values } = schema;
  const types = type === undefined ? [] : [type].flat().map(String);
  const found = typeOf(value);
  const isOfType = types.some((each) => each === found || (each === "number" && found === "integer"));
  const isKnown = !Array.isArray(values) || values.some((each) => equal(each, value));
  return [
    types.length > 0 && !isOfType
      ? refuse(place, `expected ${types.join(" or ")}, received ${found}`)
      : valid,
    isKnown ? valid : refuse(place, `expected one of ${count(listOf(values))}, received another ${found}`),
    "const" in schema && !equal(only, value)
      ? refuse(place, `expected one value, received another ${found}`)
      : valid,
    ...textKeywords(schema, value, place),
    ...numberKeywords(schema, value, place),
  ];
}

function count(values: readonly unknown[]): string {
  return values.length === 1 ? "1 value" : `${values.length} values`;
}

function combinations(schema: Keywords, value: unknown, place: Place): readonly Outcome[] {
  const { $ref, allOf, anyOf, oneOf, not, if: condition } = schema;
  const all = (list: unknown): readonly Outcome[] => listOf(list).map((part) => evaluate(part, value, place));
  return [
    ...(typeof $ref === "string" ? [evaluate(definitionOf($ref, place), value, place)] : []),
    ...all(allOf),
    ...(Array.isArray(anyOf) ? [matching(all(anyOf), { place, most: Infinity })] : []),
    ...(Array.isArray(oneOf) ? [matching(all(oneOf), { place, most: 1 })] : []),
    ...(not !== undefined && evaluate(not, value, place).issues.length === 0
      ? [refuse(place, "expected a value that does not match `not`")]
      : []),
    ...(condition === undefined ? [] : [branch(schema, value, place)]),
  ];
}

function definitionOf(ref: string, { definitions }: Place): unknown {
  const name = ref.replace("#/schemas/", "");
  return Object.hasOwn(definitions, name) ? definitions[name] : true;
}

function matching(outcomes: readonly Outcome[], { place, most }: { place: Place; most: number }): Outcome {
  const fitting = outcomes.filter(({ issues }) => issues.length === 0);
  if (fitting.length >= 1 && fitting.length <= most) return join(fitting);
  const expected = most === 1 ? "exactly one" : "one";
  return refuse(
    place,
    `expected ${expected} of ${outcomes.length} alternatives, received ${fitting.length || "none"}`,
  );
}

function branch({ if: condition, then, else: other }: Keywords, value: unknown, place: Place): Outcome {
  const found = evaluate(condition, value, place);
  if (found.issues.length > 0) return evaluate(other ?? true, value, place);
  return join([found, evaluate(then ?? true, value, place)]);
}

function unevaluated(
  { unevaluatedProperties, unevaluatedItems }: Keywords,
  value: unknown,
  { seen, ...place }: Place & Pick<Outcome, "seen">,
): Outcome {
  const schema = Array.isArray(value)
    ? unevaluatedItems
    : isFields(value)
      ? unevaluatedProperties
      : undefined;
  if (schema === undefined) return valid;
  const entries: readonly (readonly [PropertyKey, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value as Keywords);
  const rest = entries.filter(([key]) => !seen.has(key));
  const outcomes = rest.map(([key, item]) =>
    evaluate(schema, item, { ...place, path: [...place.path, key] }),
  );
  return { ...join(outcomes), seen: new Set(entries.map(([key]) => key)) };
}
