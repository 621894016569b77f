import type { JsonIr, ResourceIr, SourceIr, TypeIr } from "../../ir/source-ir.js";
import { isObject, setOwn, type MutableObject } from "../json.js";
import type { Sampler } from "./sampler.js";
import { createKeys, type Keys } from "./keys.js";
import { hashText, mix } from "./random.js";
import { collectDeclarations, findField, findKeyType, type Declarations } from "./types.js";
import { compileType, type MakeValue } from "./values.js";
import { toSnake } from "./words.js";

/** Creates the record at an index, which depends only on the seed, source, resource and index. */
export type MakeRecord = (index: number) => JsonIr;

/** Compiles a function per resource of a source that creates its records on demand. */
export function compileRecords(
  source: SourceIr,
  seed: number,
  sampler: Sampler,
): ReadonlyMap<string, MakeRecord> {
  const declarations = collectDeclarations(source);
  const types = new Map(
    source.resources.map((resource) => [resource.name, recordType(resource, declarations)]),
  );
  const keyType = (resource: string, field: string): TypeIr | undefined => {
    const type = types.get(resource);
    const found = type && findField(type, field, declarations);
    return found && findKeyType(found, declarations);
  };
  const keys = createKeys(source, seed, keyType);
  const context = { sampler, declarations, keys, compiled: new Map<string, MakeValue>(), size: { parts: 0 } };

  const compile = (resource: ResourceIr, type: TypeIr): MakeRecord => {
    const start = hashText(`${seed}/${source.name}/${resource.name}`);
    const make = compileType(type, { name: resource.name, owner: toSnake(resource.name) }, context);
    const identify = compileIdentity(resource, keys, keyType);
    const extra = chooseExtraName(type, declarations);
    return (index) => {
      sampler.seed(mix(start, index));
      context.size.parts = 0;
      const record = make(index, 0);
      return isObject(record) ? addExtra(identify({ ...record }, index), extra, sampler) : record;
    };
  };
  return new Map(
    source.resources.map((resource) => [
      resource.name,
      compile(resource, types.get(resource.name) ?? unknownRecord([])),
    ]),
  );
}

/** Returns the type of a resource's records. Without a schema, records have three common fields. */
function recordType(resource: ResourceIr, declarations: Declarations): TypeIr {
  const { primaryKey } = resource;
  const { record } = resource.served ?? resource;
  const isDeclared = record.kind !== "json" && (record.kind !== "ref" || declarations.has(record.name));
  return isDeclared ? record : unknownRecord(primaryKey);
}

function unknownRecord(primaryKey: readonly string[]): TypeIr {
  const names = primaryKey.length > 0 ? primaryKey : ["id"];
  return {
    kind: "object",
    fields: [
      ...names.map((name) => ({ name, required: true, type: { kind: "number", integer: true } }) as const),
      { name: "name", required: true, type: { kind: "string" } },
      { name: "created_at", required: true, type: { kind: "string", format: "date-time" } },
    ],
  };
}

/** Adds the primary key to a record. Only the last field that can be unique is unique; values of the others may repeat. */
function compileIdentity(
  resource: ResourceIr,
  keys: Keys,
  keyType: (resource: string, field: string) => TypeIr | undefined,
): (record: MutableObject, index: number) => MutableObject {
  const names = resource.primaryKey.length > 0 ? resource.primaryKey : ["id"];
  const fields = names.map((field) => {
    const type = keyType(resource.name, field);
    return { field, key: type && keys.own(resource.name, field, type) };
  });
  const unique = fields.filter(({ key }) => key !== undefined).at(-1);
  return (record, index) => {
    if (unique?.key) setOwn(record, unique.field, unique.key(index));
    return record;
  };
}

/** Adds a property outside the schema to some records, because readers must keep unknown properties. */
function addExtra(record: MutableObject, name: string, sampler: Sampler): MutableObject {
  if (sampler.chance(0.1)) record[name] = { note: "not in the schema" };
  return record;
}

function chooseExtraName(type: TypeIr, declarations: Declarations): string {
  const names = ["extra", "x_extra", "x_extra_"];
  return names.find((name) => findField(type, name, declarations) === undefined) ?? "x_mock_extra";
}
