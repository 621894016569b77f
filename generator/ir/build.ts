import type * as runtime from "@connector-gen/runtime";
import { toFileBase } from "../file-names.js";
import type { Spec, SpecResource } from "../spec/spec.js";
import { buildCalls, factoriesOf, toKind, type Calls } from "./calls.js";
import { methodDocs } from "./docs.js";
import { reservedTypes, toCamel, toPascal } from "./names.js";
import { assignNames, createNameBook, type Scope } from "./scope.js";
import { buildOptions } from "./options.js";
import { toSelectorIr } from "./option-values.js";
import { buildParams, buildParamUnion } from "./params.js";
import { buildRecords, type Records } from "./records.js";
import { buildLoad } from "./load-types.js";
import type { Pair, ResourceIr, SourceIr, SourceNames } from "./source-ir.js";
import { createIntegerFields } from "./big-integer-fields.js";
import { withDates } from "./dates.js";
import { rulesIn } from "./references.js";
import { definitionsOf } from "./rules.js";
import { createTypeBuilder, type TypeBuilder } from "./types.js";

/** Chooses all names and types of a checked spec. Never fails for a spec that the parser accepts. */
export function buildSource(spec: Spec): SourceIr {
  const options = buildOptions(spec);
  const imported = options.clientOptions.flatMap(({ imports }) => imports);
  const book = createNameBook([...reservedTypes, ...imported]);
  let source = buildWith(spec, options, book.open());
  // The name of a nested type begins with the name of the enclosing type, so one change can cause others.
  for (let round = 0; round < maxRounds && book.settle(); round++)
    source = buildWith(spec, options, book.open());
  return source;
}

/** Maximum number of rounds in which names are claimed again because others changed. */
const maxRounds = 20;

function buildWith(spec: Spec, options: ReturnType<typeof buildOptions>, types: Scope): SourceIr {
  const names = nameSource(spec, types);
  const builder = createTypeBuilder(spec, types);
  const parts = nameMethods(spec);
  const records = buildRecords(spec, {
    types,
    builder,
    methodOf: (resource) => parts.get(resource)?.method ?? "",
  });
  const common = {
    ...(spec.auth && { auth: toKind(spec.auth) }),
    ...(spec.cookies && { cookies: toKind(spec.cookies) }),
    ...(spec.rateLimit && { rateLimit: toKind(spec.rateLimit) }),
  };
  const factories = [common, ...[...parts.values()].map(({ calls }) => calls)].flatMap(factoriesOf);
  const context: ResourceContext = {
    types,
    constants: nameConstants([...parts.values()], [names.factory, names.source, ...always, ...factories]),
    builder,
    records,
    integerFields: createIntegerFields(spec.schemas),
  };
  const built = {
    resources: [...parts].map(([resource, part]) => buildResource(resource, part, context)),
    shared: builder.shared(),
  };
  const { resources, shared, ...dates } = spec.dates === "Date" ? decodeDates(built, context) : built;
  return {
    name: spec.name,
    ...(spec.description !== undefined && { description: spec.description }),
    ...(spec.docsUrl !== undefined && { docsUrl: spec.docsUrl }),
    specFile: spec.file,
    specHash: spec.hash,
    names,
    baseUrl: spec.baseUrl,
    headers: toPairs(spec.headers),
    ...common,
    ...(spec.retry && { retry: spec.retry }),
    ...(spec.timeoutMs !== undefined && { timeoutMs: spec.timeoutMs }),
    ...(spec.bigIntegers && { bigIntegers: spec.bigIntegers }),
    ...(spec.foreignOrigins && { foreignOrigins: spec.foreignOrigins }),
    ...options,
    optionNames: [...(names.hooks ? ["hooks"] : []), ...options.clientOptions.map(({ name }) => name)],
    resources,
    shared,
    ...dates,
    ...definitions({ resources, shared }, spec),
  };
}

/** Converts date-times to `Date`s, and adds their locations under a name that no resource has. */
function decodeDates(
  built: Pick<SourceIr, "resources" | "shared">,
  { types, constants }: ResourceContext,
): Pick<SourceIr, "resources" | "shared" | "dates"> {
  const { places, ...dated } = withDates(built, types);
  if (Object.keys(places).length === 0) return dated;
  const wish = { names: ["dates", "dateFields"], key: "dates" };
  const constant = assignNames([wish], [...constants.values()]).get("dates") ?? "";
  return { ...dated, dates: { constant, places } };
}

/** Collects the schemas to which the rules of types refer. */
function definitions(
  { resources, shared }: Pick<SourceIr, "resources" | "shared">,
  { schemas }: Spec,
): Pick<SourceIr, "definitions"> {
  const declarations = [...resources.flatMap((resource) => resource.declarations), ...shared];
  const types = [...declarations.map(({ type }) => type), ...resources.map(({ record }) => record)];
  const found = definitionsOf(rulesIn(types), schemas);
  return Object.keys(found).length > 0 ? { definitions: found } : {};
}

/** The factories that any module may call. */
const always = [
  "createReader",
  "decodeDates",
  "integerFields",
  "readerKey",
  "plan",
  "detectRecords",
  "query",
  "patterns",
  "unicodePatterns",
] as const satisfies readonly (keyof typeof runtime)[];

function nameSource(spec: Spec, types: Scope): SourceNames {
  const pascal = toPascal(spec.name);
  const wish = spec.typeName ?? pascal;
  const facade = types.claim({ names: [wish, `${wish}Client`], key: "facade", rank: 0 });
  const claim = (what: string): string =>
    types.claim({ names: [`${facade}${what}`], key: `facade ${what}`, rank: 0 });
  const hasHooks = spec.resources.some(({ shape }) => shape.some(({ kind }) => kind.hook !== undefined));
  return {
    file: toFileBase(spec.name) || toCamel(spec.name),
    title: spec.typeName ?? pascal.replace(/([a-z\d])([A-Z])/g, "$1 $2"),
    facade,
    factory: `create${facade.charAt(0).toUpperCase()}${facade.slice(1)}`,
    options: claim("Options"),
    hooks: hasHooks ? claim("Hooks") : "",
    source: `${toCamel(spec.name).replace(/_$/, "")}Source`,
  };
}

/** A resource's method and the calls in its descriptor. */
interface ResourcePart {
  readonly method: string;
  readonly calls: Calls;
}

function nameMethods({ resources }: Spec): ReadonlyMap<SpecResource, ResourcePart> {
  const names = assignNames(
    resources.map(({ name, methodName }) => ({
      names: methodName === undefined ? [toCamel(name), ...spelledOf(name)] : [methodName],
      key: name,
      // A name from the spec must not change.
      rank: methodName === undefined ? 1 : 0,
    })),
    [],
  );
  return new Map(
    resources.map((resource) => {
      const method = names.get(resource.name) ?? "";
      return [resource, { method, calls: buildCalls(resource, method) }];
    }),
  );
}

/** Returns the unchanged name of a resource, if a method can have this name. */
function spelledOf(name: string): readonly string[] {
  return /^[A-Za-z_]\w*$/.test(name) ? [name] : [];
}

/** Names the constants of resources, by method. */
function nameConstants(
  parts: readonly ResourcePart[],
  reserved: readonly string[],
): ReadonlyMap<string, string> {
  const wishes = parts.map(({ method }) => {
    const binding = toBinding(method);
    return { names: [binding, `${binding}Resource`], key: method };
  });
  return assignNames(wishes, reserved);
}

interface ResourceContext {
  readonly types: Scope;
  /** The constants of resources, by method. */
  readonly constants: ReadonlyMap<string, string>;
  readonly builder: TypeBuilder;
  readonly records: Records;
  readonly integerFields: ReturnType<typeof createIntegerFields>;
}

function buildResource(
  resource: SpecResource,
  { method, calls }: ResourcePart,
  { types, constants, builder, records, integerFields }: ResourceContext,
): ResourceIr {
  const { declarations, ...record } = records.of(resource);
  const all = [...declarations];
  const constant = constants.get(method) ?? "";
  const params = buildParams(resource, { builder, records, method, declarations: all });
  const paramsName =
    resource.inputs.length > 0
      ? types.claim({ names: [`${toPascal(method)}Params`], key: `params ${resource.name}`, rank: 4 })
      : "";
  const load = buildLoad(resource.load, resource.hasSchema ? record.record : undefined, records.declared);
  const bigIntegerFields = integerFields(resource.schema);
  const paramUnion = buildParamUnion(params, resource, { types, method });
  return {
    name: resource.name,
    docs: methodDocs(resource, { ...calls, method }),
    names: { method, constant, params: paramsName },
    method: resource.method,
    path: resource.path,
    query: Object.entries(resource.query).map(([name, value]) => ({ name, value: value })),
    headers: toPairs(resource.headers),
    params,
    ...(paramUnion && { paramUnion }),
    ...(resource.select !== undefined && { select: toSelectorIr(resource.select) }),
    selectRequired: resource.selectRequired,
    ...calls,
    ...(resource.retry && { retry: resource.retry }),
    ...(resource.timeoutMs !== undefined && { timeoutMs: resource.timeoutMs }),
    ...(resource.bigIntegers && { bigIntegers: resource.bigIntegers }),
    ...(bigIntegerFields && { bigIntegerFields }),
    ...(resource.foreignOrigins && { foreignOrigins: resource.foreignOrigins }),
    primaryKey: resource.primaryKey,
    mergeKey: resource.mergeKey,
    writeDisposition: resource.writeDisposition,
    ...(load && { load }),
    ...(resource.description && { description: resource.description }),
    selected: resource.selected,
    ...record,
    ...(!records.hasKeys(resource) && { hasOpenKeys: true }),
    declarations: all,
  };
}

/** Returns the constant for a method. Unlike a method, a constant must not be a reserved word. */
function toBinding(method: string): string {
  const camel = toCamel(method);
  return camel === `${method}_` ? camel : method;
}

function toPairs(headers: Readonly<Record<string, string>>): readonly Pair[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}
