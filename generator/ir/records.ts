import type { BigIntegerMode, Spec, SpecResource } from "../spec/spec.js";
import { recordDocs } from "./docs.js";
import { recordWish } from "./record-wish.js";
import type { Scope } from "./scope.js";
import { typePlaceholder } from "./placeholders.js";
import { shapeRecord, type RecordIr, type Served } from "./shaped-record.js";
import type { PlaceholderType } from "./shape.js";
import type { DeclarationIr, TypeIr } from "./source-ir.js";
import { fieldsOf, json, jsonObject, jsonOf, type Declared } from "./type-paths.js";
import type { TypeBuilder } from "./types.js";

/** The records of all resources of a spec. */
export interface Records {
  readonly of: (resource: SpecResource) => RecordIr;
  /** Returns the type of a placeholder's value in a resource. */
  readonly placeholder: (resource: SpecResource, name: string) => PlaceholderType;
  /** Returns the declared type with a name. */
  readonly declared: Declared;
  /** Whether the record type of a resource is known to declare all its keys. */
  readonly hasKeys: (resource: SpecResource) => boolean;
}

/** The context in which record types are built. */
export interface RecordsContext {
  readonly types: Scope;
  readonly builder: TypeBuilder;
  /** The key of a resource in the option `hooks`. */
  readonly methodOf: (resource: SpecResource) => string;
}

/**
 * Builds the record types of all resources, first as the API sends them, then after shaping. Parents come before their
 * children.
 */
export function buildRecords(spec: Spec, context: RecordsContext): Records {
  const names = claimNames(spec, context.types);
  const modeOf = ({ bigIntegers = spec.bigIntegers ?? "error" }: SpecResource): BigIntegerMode => bigIntegers;
  const freeOf = (resource: SpecResource): TypeIr => ({
    kind: "map",
    values: jsonOf(new Set([modeOf(resource)])),
  });
  const served = new Map(
    spec.resources.map((resource) => [
      resource,
      serve(resource, names.get(resource), {
        builder: context.builder.withBigIntegers(modeOf(resource)),
        free: freeOf(resource),
      }),
    ]),
  );
  const declared = new Map<string, TypeIr>();
  const declare = (declarations: readonly DeclarationIr[]): void => {
    for (const { name, type } of declarations) declared.set(name, type);
  };
  for (const { declarations } of served.values()) declare(declarations);
  declare(context.builder.shared());
  const lookUp: Declared = (name) => declared.get(name);

  const built = new Map<SpecResource, RecordIr>();
  const build = (resource: SpecResource): RecordIr => {
    const known = built.get(resource);
    if (known) return known;
    const own = served.get(resource) ?? { name: undefined, record: jsonObject, declarations: [] };
    // Registered before its parents are built, so a cycle of parents ends.
    built.set(resource, own);
    const placeholder = (name: string): PlaceholderType => placeholderOf(resource, name);
    const { types, methodOf } = context;
    const record = shapeRecord(resource, own, {
      types,
      hooks: methodOf(resource),
      declared: lookUp,
      placeholder,
      free: freeOf(resource),
    });
    declare(record.declarations);
    built.set(resource, record);
    return record;
  };
  const placeholderOf = (resource: SpecResource, name: string): PlaceholderType =>
    typePlaceholder(resource, name, {
      spec,
      declared: lookUp,
      // The return type of a hook is unknown here.
      recordOf: (parent) => (build(parent).hooks?.map ? json : build(parent).record),
    });
  for (const resource of spec.resources) build(resource);
  return {
    of: build,
    placeholder: placeholderOf,
    declared: lookUp,
    hasKeys: (resource) => {
      const fields = fieldsOf(build(resource).record, lookUp);
      const keys = [...resource.primaryKey, ...resource.mergeKey];
      return !fields || keys.every((key) => fields.some(({ name }) => name === key));
    },
  };
}

type Builder = Pick<TypeBuilder, "build" | "declare">;

/** Claims the names of record types. Names from the spec come first, because they must not get a suffix. */
function claimNames(spec: Spec, types: Scope): ReadonlyMap<SpecResource, string> {
  const isShared = ({ schema, recordType }: SpecResource): boolean =>
    schema === undefined ||
    (typeof schema === "object" && Object.keys(schema).join() === "$ref" && !recordType);
  const declared = spec.resources.filter((resource) => !isShared(resource));
  const byHand = declared.filter(({ recordType }) => recordType !== undefined);
  const derived = declared.filter(({ recordType }) => recordType === undefined);
  return new Map([...byHand, ...derived].map((resource) => [resource, types.claim(recordWish(resource))]));
}

function serve(
  resource: SpecResource,
  name: string | undefined,
  { builder, free }: { readonly builder: Builder; readonly free: TypeIr },
): Served {
  const declarations: DeclarationIr[] = [];
  if (resource.schema === undefined) return { name, record: free, declarations };
  if (name === undefined) {
    return {
      name,
      record: builder.build(resource.schema, { name: "", path: resource.name }, declarations),
      declarations,
    };
  }
  const names = { name, path: `records ${resource.name}`, schemaName: resource.schemaName };
  const record = builder.declare(resource.schema, names, declarations);
  const [first] = declarations;
  if (first) declarations[0] = { ...first, description: recordDocs(resource, first.description) };
  return { name, record, declarations };
}
