import { equal } from "./equal.js";
import { count, listOf, refuse, valid, type Keywords, type Outcome, type Place } from "./outcome.js";

/** A place, and the evaluation of subschemas. */
export interface Evaluation extends Place {
  readonly evaluate: (schema: unknown, value: unknown, place: Place) => Outcome;
}

/** Applies the keywords of lists. */
export function arrayKeywords(schema: Keywords, value: unknown, place: Evaluation): readonly Outcome[] {
  if (!Array.isArray(value)) return [];
  const { minItems, maxItems, uniqueItems } = schema;
  const received = `received ${value.length}`;
  return [
    typeof minItems === "number" && value.length < minItems
      ? refuse(place, `expected at least ${count(minItems, "item")}, ${received}`)
      : valid,
    typeof maxItems === "number" && value.length > maxItems
      ? refuse(place, `expected at most ${count(maxItems, "item")}, ${received}`)
      : valid,
    uniqueItems === true ? unique(value, place) : valid,
    ...items(schema, value, place),
    contains(schema, value, place),
  ];
}

function unique(value: readonly unknown[], place: Place): Outcome {
  const scalars = new Map<unknown, number>();
  for (const [index, item] of value.entries()) {
    const isScalar = typeof item !== "object" || item === null;
    const other = isScalar
      ? scalars.get(item)
      : value.findIndex((each, before) => before < index && equal(each, item));
    if (other !== undefined && other >= 0)
      return refuse(place, `expected different items, received equal ones at ${other} and ${index}`);
    if (isScalar) scalars.set(item, index);
  }
  return valid;
}

function items(
  { prefixItems, items: rest }: Keywords,
  value: readonly unknown[],
  place: Evaluation,
): readonly Outcome[] {
  const first = listOf(prefixItems);
  return value.flatMap((item, index) => {
    const schema = index < first.length ? first[index] : rest;
    if (schema === undefined) return [];
    const { issues } = place.evaluate(schema, item, { ...place, path: [...place.path, index] });
    return [{ issues, seen: new Set([index]) }];
  });
}

function contains(
  { contains: schema, minContains = 1, maxContains = Infinity }: Keywords,
  value: readonly unknown[],
  place: Evaluation,
): Outcome {
  if (schema === undefined) return valid;
  const found = [...value.keys()].filter(
    (index) => place.evaluate(schema, value[index], place).issues.length === 0,
  );
  const received = `received ${found.length}`;
  if (found.length < Number(minContains))
    return refuse(
      place,
      `expected at least ${count(Number(minContains), "item")} like \`contains\`, ${received}`,
    );
  if (found.length > Number(maxContains))
    return refuse(
      place,
      `expected at most ${count(Number(maxContains), "item")} like \`contains\`, ${received}`,
    );
  return { issues: [], seen: new Set(found) };
}
