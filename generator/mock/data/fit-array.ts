import type { JsonIr } from "../../ir/source-ir.js";
import { unfit, type Keywords, type Pass } from "./fitter.js";
import { numbersOf } from "./fit-scalar.js";
import type { Schema } from "./type-schema.js";

/** Changes a list by the keywords of lists. */
export function fitArray(given: readonly JsonIr[], parts: readonly Keywords[], { fitter }: Pass): JsonIr {
  const { fit, tryFit, isValid } = fitter;
  const isUnique = parts.some(({ uniqueItems }) => uniqueItems === true);
  const contained = parts.filter(({ contains }) => contains !== undefined);
  const needed = contained.reduce((sum, { minContains = 1 }) => sum + Number(minContains), 0);
  const most = Math.min(Infinity, lengthLimit(parts), ...numbersOf(parts, "maxItems"));
  const least = Math.max(0, ...numbersOf(parts, "minItems"));
  if (least > most || least > 1000) throw unfit;

  const items: JsonIr[] = [];
  /** Adds an item that the list allows, unless none is found. */
  const add = (value: JsonIr | undefined, ...also: readonly Schema[]): boolean => {
    const schema: Schema = {
      allOf: [
        ...schemasAt(parts, items.length),
        ...also,
        ...(isUnique ? [{ not: { enum: items.slice() } }] : []),
      ],
    };
    const made = tryFit(value, schema);
    if (made !== undefined) items.push(made);
    return made !== undefined;
  };
  const kept = given.slice(0, Math.max(0, Math.min(most, Math.max(least, most - needed))));
  for (const value of kept) add(value);
  for (const { contains, minContains = 1, maxContains = Infinity } of contained) {
    const schema = contains as Schema;
    const count = (): number => items.filter((item) => isValid(item, schema)).length;
    for (let at = items.length - 1; at >= 0 && count() > Number(maxContains); at--)
      if (isValid(items[at] ?? null, schema)) items.splice(at, 1);
    while (count() < Number(minContains)) {
      const at = items.length >= most ? items.findIndex((item) => !isValid(item, schema)) : -1;
      if (at >= 0) items[at] = fit(items[at], { allOf: [...schemasAt(parts, at), schema] });
      else if (!add(undefined, schema)) throw unfit;
    }
  }
  // Items beyond those that `contains` allows must not match it.
  const full = contained.flatMap(({ contains, maxContains }) =>
    maxContains === undefined ? [] : [{ not: contains as JsonIr }],
  );
  while (items.length < least) if (!add(undefined, ...full) && !add(undefined)) throw unfit;
  return items;
}

/** Returns the length beyond which no item is allowed. */
function lengthLimit(parts: readonly Keywords[]): number {
  const limits = parts
    .filter(({ items }) => items === false)
    .map(({ prefixItems }) => (Array.isArray(prefixItems) ? prefixItems.length : 0));
  return Math.min(Infinity, ...limits);
}

/** Returns the schemas of the item at an index. */
function schemasAt(parts: readonly Keywords[], index: number): readonly Schema[] {
  return parts.flatMap(({ prefixItems, items }): readonly Schema[] => {
    const first = Array.isArray(prefixItems) ? (prefixItems as readonly Schema[]) : [];
    const schema = index < first.length ? first[index] : (items as Schema | undefined);
    return schema === undefined || schema === true ? [] : [schema];
  });
}
