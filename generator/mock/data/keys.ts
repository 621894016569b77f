import type { SourceIr, TypeIr } from "../../ir/source-ir.js";
import type { Sampler } from "./sampler.js";
import { createdAt, toDay, toTimestamp } from "./times.js";
import { hashText, uuidOf } from "./random.js";
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
  if (type.kind === "number") {
    const first = Math.max(1, Math.ceil(type.minimum ?? 1));
    return (index) => first + index;
  }
  if (type.kind === "string") {
    const make = textKeys[type.format ?? ""];
    return make ? (index) => make(index, resource) : (index) => uuidOf(hash, index);
  }
  return undefined;
}

/** Unique text keys by format. Other text keys are UUIDs. */
const textKeys: Readonly<Record<string, (index: number, resource: string) => string>> = {
  email: (index, resource) => `${resource.replace(/\W/g, "")}.${index + 1}@example.com`,
  uri: (index, resource) => `https://example.com/${encodeURIComponent(resource)}/${index + 1}`,
  "date-time": (index) => toTimestamp(createdAt(index)),
  date: (index) => toDay(index * 86_400_000),
};
