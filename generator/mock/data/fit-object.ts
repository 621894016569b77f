import type { JsonIr } from "../../ir/source-ir.js";
import { setOwn, type MutableObject } from "../json.js";
import { unfit, type Keywords, type Pass } from "./fitter.js";
import { makeMatch, numbersOf, patternOf } from "./fit-scalar.js";
import type { Schema } from "./type-schema.js";

type Fields = Readonly<Record<string, JsonIr>>;

/** The schemas of an object, and what depends on them. */
interface ObjectPass extends Pass {
  /** The schemas that the object must not match. */
  readonly excluded: readonly Schema[];
}

/** Changes an object by the keywords of objects. */
export function fitObject(given: Fields, parts: readonly Keywords[], pass: ObjectPass): JsonIr {
  const { isValid, sampler } = pass.fitter;
  const isAllowed = (name: string): boolean =>
    !schemasOf(parts, name).includes(false) && namesOf(parts).every((schema) => isValid(name, schema));
  const made = new Map(Object.entries(given).filter(([name]) => isAllowed(name)));
  leave(made, requiredOf(parts, made), pass);
  fitFields(made, parts, pass);

  const optional = [...made.keys()].filter((name) => !requiredOf(parts, made).has(name));
  const most = Math.min(Infinity, ...numbersOf(parts, "maxProperties"));
  while (made.size > most && optional.length > 0) made.delete(optional.pop() ?? "");
  addFields(made, parts, { ...pass, isAllowed });
  // A later pass tries without an optional field, because another keyword may exclude it.
  if (pass.pass > 3 && optional.length > 0) made.delete(sampler.pick(optional));

  const object: MutableObject = {};
  for (const [name, value] of made) setOwn(object, name, value);
  return object;
}

/** Fits all fields, and adds those that are required. Drops optional fields that match no value. */
function fitFields(made: Map<string, JsonIr>, parts: readonly Keywords[], { fitter }: Pass): void {
  const required = requiredOf(parts, made);
  for (const [name, before] of [...made]) {
    const value = fitter.tryFit(before, { allOf: schemasOf(parts, name) });
    if (value !== undefined) made.set(name, value);
    else if (required.has(name)) throw unfit;
    else made.delete(name);
  }
  // An optional field may require others, and these further ones.
  for (let missing = missingOf(parts, made); missing.length > 0; missing = missingOf(parts, made))
    for (const name of missing) made.set(name, fitter.fit(undefined, { allOf: schemasOf(parts, name) }));
}

/** Adds fields until there are as many as `minProperties`. */
function addFields(
  made: Map<string, JsonIr>,
  parts: readonly Keywords[],
  { isAllowed, ...pass }: Pass & { readonly isAllowed: (name: string) => boolean },
): void {
  const least = Math.max(0, ...numbersOf(parts, "minProperties"));
  for (const name of newNames(parts, pass)) {
    if (made.size >= least) return;
    if (made.has(name) || !isAllowed(name)) continue;
    const value = pass.fitter.tryFit(undefined, { allOf: schemasOf(parts, name) });
    if (value !== undefined) made.set(name, value);
  }
}

/** Changes an object so that it no longer matches the schemas that it must not match. */
function leave(
  made: Map<string, JsonIr>,
  required: ReadonlySet<string>,
  { excluded, fitter }: ObjectPass,
): void {
  for (const schema of excluded) {
    if (schema === true) throw unfit;
    if (schema === false || !fitter.isValid(Object.fromEntries(made), schema)) continue;
    const names = (schema["required"] ?? []) as readonly string[];
    const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, Schema>>);
    const removable = names.filter((name) => !required.has(name) && made.has(name));
    const changeable = properties.filter(([name]) => made.has(name));
    if (removable.length > 0) made.delete(fitter.sampler.pick(removable));
    else if (changeable.length > 0) {
      const [name, not] = fitter.sampler.pick(changeable);
      const other = fitter.tryFit(undefined, { allOf: [typeSchema(made.get(name)), { not }] });
      if (other !== undefined) made.set(name, other);
    }
  }
}

/** Returns a schema of the type of a value. */
function typeSchema(value: JsonIr | undefined): Schema {
  if (value === undefined || value === null) return true;
  return { type: Array.isArray(value) ? "array" : typeof value };
}

/** Returns the schemas of a field: those of its name, of the patterns that it matches, or of all other fields. */
function schemasOf(parts: readonly Keywords[], name: string): readonly Schema[] {
  const isKnown = (part: Keywords): boolean => ownSchemas(part, name).length > 0;
  const isEvaluated = parts.some((part) => isKnown(part) || part["additionalProperties"] !== undefined);
  return parts.flatMap((part): readonly Schema[] => {
    const own = ownSchemas(part, name);
    const { additionalProperties, unevaluatedProperties } = part;
    const others = [
      ...(own.length === 0 && additionalProperties !== undefined ? [additionalProperties as Schema] : []),
      ...(!isEvaluated && unevaluatedProperties !== undefined ? [unevaluatedProperties as Schema] : []),
    ];
    return [...own, ...others].filter((schema) => schema !== true);
  });
}

function ownSchemas({ properties, patternProperties }: Keywords, name: string): readonly Schema[] {
  const named = (properties ?? {}) as Readonly<Record<string, Schema>>;
  const byPattern = Object.entries((patternProperties ?? {}) as Readonly<Record<string, Schema>>);
  return [
    ...(Object.hasOwn(named, name) ? [named[name] ?? true] : []),
    ...byPattern.filter(([pattern]) => isMatch(pattern, name)).map(([, schema]) => schema),
  ];
}

function isMatch(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, "u").test(name);
  } catch {
    return false;
  }
}

function namesOf(parts: readonly Keywords[]): readonly Schema[] {
  return parts.flatMap(({ propertyNames }) => (propertyNames === undefined ? [] : [propertyNames as Schema]));
}

/** Returns the names that an object needs: those of `required`, and those that its fields require. */
function requiredOf(parts: readonly Keywords[], made: ReadonlyMap<string, JsonIr>): ReadonlySet<string> {
  return new Set(
    parts.flatMap(({ required, dependentRequired }) => [
      ...((required ?? []) as readonly string[]),
      ...Object.entries((dependentRequired ?? {}) as Readonly<Record<string, readonly string[]>>).flatMap(
        ([name, names]) => (made.has(name) ? names : []),
      ),
    ]),
  );
}

function missingOf(parts: readonly Keywords[], made: ReadonlyMap<string, JsonIr>): readonly string[] {
  return [...requiredOf(parts, made)].filter((name) => !made.has(name));
}

/** Returns names for further fields: those of the schema first, then invented ones. */
function* newNames(parts: readonly Keywords[], { fitter }: Pass): Generator<string> {
  for (const { properties } of parts) yield* Object.keys((properties ?? {}) as object);
  const patterns = parts.flatMap(({ patternProperties }) => Object.keys((patternProperties ?? {}) as object));
  const names = namesOf(parts);
  for (let attempt = 0; attempt < 60; attempt++) {
    const make = patternOf(patterns[attempt % Math.max(1, patterns.length)] ?? "");
    if (patterns.length > 0 && make) {
      const name = makeMatch(make, fitter.sampler, { extra: 6 });
      // Many patterns only describe the beginning.
      yield `${name}${fitter.sampler.word("noun")}`;
      yield name;
    }
    if (names.length > 0) {
      const name = fitter.tryFit(undefined, { allOf: [{ type: "string" }, ...names] });
      if (typeof name === "string") yield name;
    } else yield fitter.sampler.word("noun");
  }
}
