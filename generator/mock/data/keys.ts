import type { RulesIr, SourceIr, TypeIr } from "../../ir/source-ir.js";
import { problemsOf } from "./fit.js";
import { chooseByNumber, compilePattern } from "./patterns.js";
import type { Sampler } from "./sampler.js";
import { createdAt, toDay, toTimestamp } from "./times.js";
import { hashText, uuidOf } from "./random.js";
import { schemaOf } from "./type-schema.js";
import { toSingular, toSnake } from "./words.js";

/** Primary and foreign keys of the records of a source. */
export interface Keys {
  /** Returns a function from the index of a record to its key, or `undefined` if the type has too few values. */
  own(resource: string, field: string, type: TypeIr): KeyOf | undefined;
  /** Returns the key of a random record of an entity with at most the given index, so the record exists. */
  foreign(entity: string, kind: "number" | "string"): (sampler: Sampler, index: number) => string | number;
}

type KeyOf = (index: number) => string | number;

/** Creates the keys of a source. `typeOf` returns the type of a resource's field. */
export function createKeys(
  source: SourceIr,
  seed: number,
  typeOf: (resource: string, field: string) => TypeIr | undefined,
): Keys {
  const own: Keys["own"] = (resource, field, type) => {
    const hash = hashText(`${seed}/${source.name}/${resource}/${field}`);
    return keyOf(type, hash, resource);
  };
  const byEntity = new Map(source.resources.map((resource) => [toEntity(resource.name), resource]));

  const identities = (entity: string): KeyOf => {
    const resource = byEntity.get(toEntity(entity));
    const field = resource?.primaryKey[0];
    const type = resource && field !== undefined ? typeOf(resource.name, field) : undefined;
    const hash = hashText(`${seed}/${source.name}/${entity}`);
    return (type && own(resource?.name ?? "", field ?? "", type)) ?? ((index) => uuidOf(hash, index));
  };

  return {
    own,
    foreign: (entity, kind) => {
      const identity = identities(entity);
      const isNumber = typeof identity(0) === "number";
      return (sampler, index) => {
        const target = sampler.whole(0, index);
        if (kind === "string") return String(identity(target));
        return isNumber ? identity(target) : target + 1;
      };
    },
  };
}

function toEntity(name: string): string {
  return toSingular(toSnake(name));
}

function keyOf(type: TypeIr, hash: number, resource: string): KeyOf | undefined {
  if (type.kind === "number") return numberKey(type);
  if (type.kind !== "string") return undefined;
  const make = textKeys[type.format ?? ""];
  const usual: KeyOf = make ? (index) => make(index, resource) : (index) => uuidOf(hash, index);
  if (!type.rules) return usual;
  const schema = schemaOf(type);
  const valid = [usual, ...limitedKeys(type.rules, hash)].filter((key) =>
    [0, 1, 999].every((index) => problemsOf(key(index), schema, {}).length === 0),
  );
  return valid.find(isUnique) ?? valid[0] ?? usual;
}

/** Whether the keys of the first thousand records differ. */
function isUnique(key: KeyOf): boolean {
  return new Set(Array.from({ length: 1000 }, (_, index) => key(index))).size === 1000;
}

/** Returns text keys that match a pattern, or have a limited length. */
function* limitedKeys(
  { pattern, minLength = 0, maxLength = Infinity }: RulesIr,
  hash: number,
): Generator<KeyOf> {
  const length = Math.min(Math.max(Number(minLength), 12), Number(maxLength));
  const patterns = [...(typeof pattern === "string" ? [pattern] : []), `^[0-9a-z]{${length}}$`];
  for (const make of patterns.map(compilePattern)) {
    // Repetitions make more texts possible.
    for (const extra of [12, 24, 8, 4, 2, 1, 0])
      if (make) yield (index) => make(chooseByNumber(index, hash), (most) => Math.min(most, extra));
  }
}

/** Returns number keys: the multiples of a step from the minimum, which count from 1 if both are absent. */
function numberKey({ minimum = 1, rules = {} }: Extract<TypeIr, { kind: "number" }>): KeyOf {
  const { multipleOf, exclusiveMinimum } = rules;
  const step = typeof multipleOf === "number" && Number.isInteger(multipleOf) ? multipleOf : 1;
  const bound = typeof exclusiveMinimum === "number" ? Math.floor(exclusiveMinimum) + 1 : minimum;
  const first = Math.max(step, Math.ceil(Math.max(bound, minimum) / step) * step);
  return (index) => first + index * step;
}

/** Unique text keys by format. Other text keys are UUIDs. */
const textKeys: Readonly<Record<string, (index: number, resource: string) => string>> = {
  email: (index, resource) => `${resource.replace(/\W/g, "")}.${index + 1}@example.com`,
  uri: (index, resource) => `https://example.com/${encodeURIComponent(resource)}/${index + 1}`,
  "date-time": (index) => toTimestamp(createdAt(index)),
  date: (index) => toDay(index * 86_400_000),
};
