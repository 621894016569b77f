import type { JsonSchema, SchemaObject } from "../spec/spec.js";
import type { BigIntegerModeIr, IntegerFieldsIr, IntegerPlacesIr } from "./source-ir.js";
import { refOf } from "./flat-schema.js";

/** The modes at one location of a schema. Every part is present, but may be empty. */
interface Places {
  readonly mode: BigIntegerModeIr | undefined;
  readonly fields: ReadonlyMap<string, Places>;
  readonly others: Places | undefined;
  readonly types: ReadonlySet<string>;
}

const none: Places = { mode: undefined, fields: new Map(), others: undefined, types: new Set() };

/**
 * Creates a function that finds the integers of a record schema that have their own mode. Shared schemas keep their
 * names, so the result is finite and grows in proportion to the schemas, even if they refer to each other.
 */
export function createIntegerFields(
  schemas: Readonly<Record<string, JsonSchema>>,
): (schema: JsonSchema | undefined) => IntegerFieldsIr | undefined {
  const shared = new Map<string, Places>();
  // Most specs have no modes.
  if (mentionsMode(schemas))
    for (const [name, each] of Object.entries(schemas)) shared.set(name, placesOf(each));
  const used = findUsed(shared);
  return (schema) => {
    if (schema === undefined || (used.size === 0 && !mentionsMode(schema))) return undefined;
    const places = placesOf(schema);
    const root = print(places, used);
    if (root === undefined) return undefined;
    const names = [...reachable(places, shared, used)].sort();
    const types = names.map((name) => [name, print(shared.get(name) ?? none, used) ?? {}] as const);
    return { root, ...(names.length > 0 && { types: Object.fromEntries(types) }) };
  };
}

function mentionsMode(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "big_integers" in value || Object.values(value).some(mentionsMode);
}

function placesOf(schema: JsonSchema | undefined): Places {
  if (typeof schema !== "object") return none;
  const { big_integers: mode, properties } = schema;
  const ref = refOf(schema);
  const fields = Object.entries((properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  const own: Places = {
    mode: mode as BigIntegerModeIr | undefined,
    fields: new Map(fields.map(([name, field]) => [name, placesOf(field)])),
    others: mergeAll(othersIn(schema).map(placesOf)),
    types: new Set(ref === undefined ? [] : [ref]),
  };
  // Items have the same location as their list.
  return mergeAll([own, ...partsIn(schema).map(placesOf)]) ?? none;
}

/** Lists the schemas of fields that `properties` does not name. */
function othersIn(schema: SchemaObject): readonly JsonSchema[] {
  const { patternProperties, additionalProperties, unevaluatedProperties } = schema;
  const patterns = Object.values((patternProperties ?? {}) as Readonly<Record<string, JsonSchema>>);
  const rest = (additionalProperties ?? unevaluatedProperties) as JsonSchema | undefined;
  return rest === undefined ? patterns : [...patterns, rest];
}

/** Lists the schemas at the same location: alternatives, parts, and items. */
function partsIn(schema: SchemaObject): readonly JsonSchema[] {
  const lists = ["oneOf", "anyOf", "allOf", "prefixItems"].flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list) ? (list as readonly JsonSchema[]) : [];
  });
  const items = (schema["items"] ?? schema["unevaluatedItems"]) as JsonSchema | undefined;
  return items === undefined ? lists : [...lists, items];
}

function mergeAll(all: readonly Places[]): Places | undefined {
  const [first, ...rest] = all;
  return first && rest.reduce(merge, first);
}

/** Merges the modes of a location that two schemas describe. */
function merge(a: Places, b: Places): Places {
  if (b === none || a === b) return a;
  if (a === none) return b;
  const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
  const at = ({ fields, others = none }: Places, name: string): Places => fields.get(name) ?? others;
  return {
    mode: b.mode ?? a.mode,
    fields: new Map([...names].map((name) => [name, merge(at(a, name), at(b, name))])),
    others: a.others && b.others ? merge(a.others, b.others) : (a.others ?? b.others),
    types: new Set([...a.types, ...b.types]),
  };
}

/** Finds the shared schemas in which an integer has its own mode, directly or through other schemas. */
function findUsed(shared: ReadonlyMap<string, Places>): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  const queue: string[] = [];
  for (const [name, places] of shared) {
    if (hasMode(places)) queue.push(name);
    for (const type of typesIn(places))
      users
        .set(type, users.get(type) ?? [])
        .get(type)
        ?.push(name);
  }
  const used = new Set(queue);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const added = (users.get(next) ?? []).filter((name) => !used.has(name));
    for (const name of added) used.add(name);
    queue.push(...added);
  }
  return used;
}

function hasMode({ mode, fields, others }: Places): boolean {
  return mode !== undefined || [...fields.values(), ...(others ? [others] : [])].some(hasMode);
}

function typesIn({ fields, others, types }: Places): readonly string[] {
  return [...types, ...[...fields.values(), ...(others ? [others] : [])].flatMap(typesIn)];
}

function reachable(
  root: Places,
  shared: ReadonlyMap<string, Places>,
  used: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const queue = [root];
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const name of typesIn(next)) {
      if (!used.has(name) || found.has(name)) continue;
      found.add(name);
      queue.push(shared.get(name) ?? none);
    }
  }
  return found;
}

/** Converts the modes to the runtime's form; `undefined` if no integer has its own mode. */
function print(
  { mode, fields, others, types }: Places,
  used: ReadonlySet<string>,
): IntegerPlacesIr | undefined {
  const rest = others && print(others, used);
  const kept = [...fields].flatMap(([name, field]) => {
    const printed = print(field, used);
    return printed !== undefined || rest !== undefined ? [[name, printed ?? null] as const] : [];
  });
  const names = [...types].filter((name) => used.has(name)).sort();
  if (kept.length === 0 && rest === undefined && names.length === 0) return mode;
  return {
    ...(mode !== undefined && { mode }),
    ...(kept.length > 0 && { fields: Object.fromEntries(kept) }),
    ...(rest !== undefined && { others: rest }),
    ...(names.length > 0 && { types: names }),
  };
}
