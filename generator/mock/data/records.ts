import type { JsonIr, ResourceIr, SourceIr, TypeIr } from "../../ir/source-ir.js";
import { isObject, setOwn, type MutableObject } from "../json.js";
import type { Sampler } from "./sampler.js";
import { createFitter, problemsOf } from "./fit.js";
import { unfit } from "./fitter.js";
import { createKeys, type Keys } from "./keys.js";
import { hashText, mix } from "./random.js";
import { isLimited } from "./limits.js";
import { definitionsOf, schemaOf, type Definitions } from "./type-schema.js";
import {
  collectDeclarations,
  findField,
  findKeyType,
  heightOf,
  heightsOf,
  type Declarations,
  type Heights,
} from "./types.js";
import { compileType, type MakeValue } from "./values.js";
import { toSnake } from "./words.js";

/** Creates the record at an index, which depends only on the seed, source, resource and index. */
export type MakeRecord = (index: number) => JsonIr;

/** What the records of a source need besides its types. */
export interface RecordsOptions {
  readonly seed: number;
  readonly sampler: Sampler;
  /** Called for the first record of each resource that does not match its schema. */
  readonly onMismatch?: ((resource: string, problem: string) => void) | undefined;
}

/** Compiles a function per resource of a source that creates its records on demand. */
export function compileRecords(
  source: SourceIr,
  { seed, sampler, onMismatch }: RecordsOptions,
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
  const heights = heightsOf(declarations);
  const context = {
    sampler,
    declarations,
    heights,
    keys,
    compiled: new Map<string, MakeValue>(),
    size: { parts: 0 },
  };
  const definitions = definitionsOf(source, declarations);

  const compile = (resource: ResourceIr, type: TypeIr): MakeRecord => {
    const start = hashText(`${seed}/${source.name}/${resource.name}`);
    const make = compileType(type, { name: resource.name, owner: toSnake(resource.name) }, context);
    const identify = compileIdentity(resource, keys, keyType);
    const extra = chooseExtraName(type, declarations);
    const keyTypes = namesOfKey(resource).map((name) => keyType(resource.name, name));
    const hasBoundedKey = keyTypes.some((key) => key?.kind === "number" && key.maximum !== undefined);
    const matcher = createMatcher(type, { declarations, heights, definitions, sampler, hasBoundedKey });
    let isReported = false;
    return (index) => {
      sampler.seed(mix(start, index));
      context.size.parts = 0;
      const made = make(index, 0);
      const { record, problem } = matcher.fit(isObject(made) ? identify({ ...made }, index) : made);
      if (problem !== undefined && !isReported)
        onMismatch?.(resource.name, `record ${index + 1}: ${problem}`);
      isReported ||= problem !== undefined;
      return isObject(record) && sampler.chance(0.1) ? addExtra(record, extra, matcher) : record;
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

function namesOfKey({ primaryKey }: ResourceIr): readonly string[] {
  return primaryKey.length > 0 ? primaryKey : ["id"];
}

/** Adds the primary key to a record. Only the last field that can be unique is unique; values of the others may repeat. */
function compileIdentity(
  resource: ResourceIr,
  keys: Keys,
  keyType: (resource: string, field: string) => TypeIr | undefined,
): (record: MutableObject, index: number) => MutableObject {
  const fields = namesOfKey(resource).map((field) => {
    const type = keyType(resource.name, field);
    return { field, key: type && keys.own(resource.name, field, type) };
  });
  const unique = fields.filter(({ key }) => key !== undefined).at(-1);
  return (record, index) => {
    if (unique?.key) setOwn(record, unique.field, unique.key(index));
    return record;
  };
}

/** Compares the records of a resource with their schema. */
interface Matcher {
  /** Returns a record that matches the schema, or the record itself and the reason why none was found. */
  readonly fit: (record: JsonIr) => { readonly record: JsonIr; readonly problem?: string };
  readonly isValid: (record: JsonIr) => boolean;
}

interface MatcherContext {
  readonly declarations: Declarations;
  readonly heights: Heights;
  readonly definitions: Definitions;
  readonly sampler: Sampler;
  /** Whether the numbers of the primary key end before those of the records do. */
  readonly hasBoundedKey: boolean;
}

function createMatcher(type: TypeIr, context: MatcherContext): Matcher {
  const { declarations, heights, definitions, sampler, hasBoundedKey } = context;
  if (heightOf(type, heights) === Infinity) {
    const problem = "a type requires values of the same type in it, without an end";
    return { fit: (record) => ({ record, problem }), isValid: () => true };
  }
  const schema = schemaOf(type);
  const isValid = (record: JsonIr): boolean => problemsOf(record, schema, definitions).length === 0;
  if (!hasBoundedKey && !isLimited(type, { declarations, definitions })) {
    let areValid: boolean | undefined;
    // What holds for one record holds for all.
    return { fit: (record) => ({ record }), isValid: (record) => (areValid ??= isValid(record)) };
  }
  const fit: Matcher["fit"] = (record) => {
    const [problem] = problemsOf(record, schema, definitions);
    if (problem === undefined) return { record };
    try {
      return { record: createFitter(definitions, sampler).fit(record, schema) };
    } catch (error) {
      if (error !== unfit) throw error;
      return { record, problem };
    }
  };
  return { fit, isValid };
}

/** Adds a property outside the schema to a record, because readers must keep unknown properties, if the schema allows it. */
function addExtra(record: MutableObject, name: string, { isValid }: Matcher): MutableObject {
  const extended = { ...record, [name]: { note: "not in the schema" } };
  return isValid(extended) ? extended : record;
}

function chooseExtraName(type: TypeIr, declarations: Declarations): string {
  const names = ["extra", "x_extra", "x_extra_"];
  return names.find((name) => findField(type, name, declarations) === undefined) ?? "x_mock_extra";
}
