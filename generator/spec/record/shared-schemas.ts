import { canonicalJson } from "../hash.js";
import type { Path } from "../load/document.js";
import { parseRef, resolveRef, type SchemaRef, scopeOf } from "./json-schema-refs.js";
import { forEachSubschema, mapSubschemas } from "./json-schema-walk.js";
import { normalizeSchema } from "./normal-schema.js";
import { shareTitled } from "./titled-schemas.js";
import type { JsonSchema, Spec, SpecResource } from "../spec.js";
import { isObject, own, type Raw } from "../values.js";

/** A top-level schema: of a resource, of a parameter, or of `schemas`. */
interface Owner {
  readonly name: string;
  readonly root: unknown;
  /** The locations in it to which references lead, by their JSON, with the names of their shared schemas. */
  readonly places: Map<string, Place>;
}

interface Place {
  readonly path: Path;
  name: string;
}

/**
 * Moves every schema to which a reference leads into the source's `schemas`, and rewrites the references: each `$ref`
 * becomes `#/schemas/<name>`, with the name unescaped. Also converts all keywords to the form of 2020-12.
 */
export function shareSchemas(
  resources: readonly SpecResource[],
  schemas: Raw,
): Pick<Spec, "resources" | "schemas"> {
  const owners = new Map<unknown, Owner>();
  const own = (name: string, root: unknown): Owner => {
    const owner: Owner = { name, root, places: new Map() };
    if (isObject(root)) owners.set(root, owners.get(root) ?? owner);
    return owners.get(root) ?? owner;
  };
  const shared = new Map(Object.entries(schemas).map(([name, root]) => [name, own(name, root)]));
  for (const { name, schema, inputs } of resources) {
    own(name, schema);
    for (const input of inputs) if (input.in !== "parent") own(input.name, input.schema);
  }
  const all = [...owners.values()];
  for (const owner of all) findPlaces(owner, { schemas, shared });
  nameAll(all, { schemas, shared });
  return rewriteAll(resources, { schemas, shared, owners });
}

interface Sharing {
  readonly schemas: Raw;
  readonly shared: ReadonlyMap<string, Owner>;
}

/** Records the target of every reference in a schema, in the schema to which the reference leads. */
function findPlaces(owner: Owner, { schemas, shared }: Sharing): void {
  const scope = scopeOf(owner.root, schemas);
  const visit = (schema: unknown): void => {
    if (!isObject(schema)) return;
    const ref = refIn(schema, owner);
    const target = ref?.name === undefined ? owner : shared.get(ref.name);
    if (ref && target && resolveRef(ref, scope) !== undefined) note(target, ref, shared);
    forEachSubschema(schema, visit);
  };
  visit(owner.root);
}

/** Identifies a location. A JSON pointer does not distinguish indexes from names. */
function keyOf(path: Path): string {
  return JSON.stringify(path.map(String));
}

/** Records a location unless it is a whole schema of `schemas`, which is already shared. */
function note(owner: Owner, { path }: SchemaRef, shared: ReadonlyMap<string, Owner>): void {
  const isShared = path.length === 0 && shared.get(owner.name) === owner;
  const place: Place = { path, name: isShared ? owner.name : "" };
  if (!owner.places.has(keyOf(path))) owner.places.set(keyOf(path), place);
}

/** The reference of a schema. A `$dynamicRef` is one too, because a schema without remote parts has one dynamic scope. */
function refIn(schema: Raw, { root }: Owner): SchemaRef | undefined {
  const ref = own(schema, "$ref") ?? own(schema, "$dynamicRef");
  return typeof ref === "string" ? parseRef(ref, { root }) : undefined;
}

/**
 * Names the shared locations. Equal schemas share one name. Locations with the same wish but different schemas are all
 * named after their owners, so the order of a spec does not matter.
 */
function nameAll(owners: readonly Owner[], { schemas }: Sharing): void {
  const wishes = new Map<string, Unnamed[]>();
  for (const owner of owners) {
    for (const place of owner.places.values()) {
      const wish = wishOf(place.path, owner);
      if (place.name === "") wishes.set(wish, [...(wishes.get(wish) ?? []), { owner, place }]);
    }
  }
  const claim = createClaims(Object.keys(schemas));
  for (const [wish, all] of [...wishes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const groups = groupEqual(all);
    for (const group of groups) {
      const owned = `${group[0]?.owner.name ?? ""}_${wish}`;
      const spelled = [owned, ...(group[0]?.place.path.map(String) ?? [])].join("_");
      const isOnly = groups.filter(([each]) => each?.owner.name === group[0]?.owner.name).length === 1;
      const name = claim([...(groups.length === 1 ? [wish] : []), ...(isOnly ? [owned] : []), spelled]);
      for (const { place } of group) place.name = name;
    }
  }
}

/** A location without a name, and the schema that contains it. */
interface Unnamed {
  readonly owner: Owner;
  readonly place: Place;
}

/** Groups locations with equal schemas, sorted by their owners and paths. */
function groupEqual(places: readonly Unnamed[]): readonly (readonly Unnamed[])[] {
  const idOf = ({ owner, place }: Unnamed): string => keyOf([owner.name, ...place.path]);
  const sorted = [...places].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  if (places.length === 1) return [sorted];
  const groups = new Map<string, Unnamed[]>();
  for (const each of sorted) {
    const content = contentOf(each.owner, each.place.path);
    groups.set(content, [...(groups.get(content) ?? []), each]);
  }
  return [...groups.values()];
}

/** Returns a function that claims the first free name, or the last name with a number. */
function createClaims(names: readonly string[]): (candidates: readonly string[]) => string {
  const taken = new Set(names);
  return (candidates) => {
    const last = candidates.at(-1) ?? "";
    let name = candidates.find((each) => !taken.has(each)) ?? last;
    for (let number = 2; taken.has(name); number += 1) name = `${last}_${number}`;
    taken.add(name);
    return name;
  };
}

/** Returns the name of a definition, or of the field to which a reference leads; for the whole schema, that of the owner. */
function wishOf(path: Path, owner: Owner): string {
  const [section, name, ...rest] = path;
  if (path.length === 0) return owner.name;
  const isDefinition = (section === "$defs" || section === "definitions") && rest.length === 0;
  if (isDefinition) return String(name);
  const steps = path.filter(
    (step, at) => !/^(?:properties|\$defs|definitions)$/.test(String(step)) || at % 2,
  );
  return [owner.name, ...steps].join("_");
}

/** Maximum number of schemas to compare with those of another owner one by one. */
const maxCompared = 100;

/** Returns a text that is equal for equal schemas: the schema, and the schemas to which its references lead. */
function contentOf(owner: Owner, path: Path): string {
  const seen = new Map<string, unknown>();
  const waiting: Path[] = [path];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const key = keyOf(place);
    if (seen.has(key)) continue;
    if (seen.size >= maxCompared) return canonicalJson([path, owner.root]);
    const schema = resolveRef({ name: undefined, path: place }, { schemas: {}, root: owner.root });
    seen.set(key, schema);
    waiting.push(...refsIn(schema, owner));
  }
  const [first, ...others] = [...seen.entries()];
  return canonicalJson([first?.[1] ?? null, others.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Returns the locations in the owner's schema to which the references in a schema lead. */
function refsIn(schema: unknown, owner: Owner): readonly Path[] {
  const refs: Path[] = [];
  const walk = (part: unknown): void => {
    if (!isObject(part)) return;
    const ref = refIn(part, owner);
    if (ref && ref.name === undefined) refs.push(ref.path);
    forEachSubschema(part, walk);
  };
  walk(schema);
  return refs;
}

function rewriteAll(
  resources: readonly SpecResource[],
  { schemas, shared, owners }: Sharing & { readonly owners: ReadonlyMap<unknown, Owner> },
): Pick<Spec, "resources" | "schemas"> {
  const result = new Map<string, unknown>();
  const rewriteRoot = (root: unknown): JsonSchema => {
    const owner = owners.get(root);
    return (owner ? normalizeSchema(rewrite(root, [], { owner, shared })) : root) as JsonSchema;
  };
  for (const [name, root] of Object.entries(schemas)) result.set(name, rewriteRoot(root));
  for (const owner of owners.values()) {
    for (const { path, name } of owner.places.values()) {
      const schema = resolveRef({ name: undefined, path }, { schemas, root: owner.root });
      if (!result.has(name)) result.set(name, normalizeSchema(rewrite(schema, path, { owner, shared })));
    }
  }
  const rewritten = resources.map((resource) => {
    const selfName = owners.get(resource.schema)?.places.get(keyOf([]))?.name;
    return {
      ...resource,
      inputs: resource.inputs.map((input) =>
        input.in === "parent" ? input : { ...input, schema: rewriteRoot(input.schema) },
      ),
      ...(resource.schema !== undefined && { schema: rewriteRoot(resource.schema) }),
      ...(selfName !== undefined && { schemaName: selfName }),
    };
  });
  return shareTitled(rewritten, Object.fromEntries(result) as Spec["schemas"]);
}

/** Copies a schema, and replaces the shared locations by references. */
function rewrite(
  schema: unknown,
  path: Path,
  context: { readonly owner: Owner; readonly shared: ReadonlyMap<string, Owner> },
): unknown {
  if (!isObject(schema)) return schema;
  const { owner, shared } = context;
  const mapped = mapSubschemas(without(schema, definitions), (part, keyword, key) => {
    if (owner.places.size === 0) return rewrite(part, path, context);
    const place = [...path, keyword, ...(key === undefined ? [] : [key])];
    const name = owner.places.get(keyOf(place))?.name;
    return name === undefined ? rewrite(part, place, context) : { $ref: `#/schemas/${name}` };
  });
  const rest = without(mapped, ["$dynamicRef"]);
  const ref = refIn(schema, owner);
  if (!ref) return rest;
  const target = ref.name === undefined ? owner : shared.get(ref.name);
  const isWhole = ref.name !== undefined && ref.path.length === 0;
  const name = isWhole ? ref.name : target?.places.get(keyOf(ref.path))?.name;
  return name === undefined ? rest : { ...rest, $ref: `#/schemas/${name}` };
}

const definitions = ["$defs", "definitions"];

/** Returns a schema without some keywords; the same schema if it has none of them. */
function without(schema: Raw, keywords: readonly string[]): Raw {
  if (!keywords.some((keyword) => keyword in schema)) return schema;
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
