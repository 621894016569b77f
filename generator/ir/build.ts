import type { KindUse, Spec, SpecInput, SpecResource } from "../spec/spec.js";
import { methodDocs, recordDocs } from "./docs.js";
import {
  toCamel,
  toPascal,
  toSingularPascal,
  toUpperSnake,
  typeScope,
  valueScope,
  type Scope,
} from "./names.js";
import type {
  CallIr,
  DeclarationIr,
  JsonIr,
  Pair,
  ParamIr,
  ResourceIr,
  SecretIr,
  SourceIr,
  SourceNames,
  TypeIr,
} from "./source-ir.js";
import { createTypeBuilder, type TypeBuilder } from "./types.js";

/** Chooses all names and types of a checked spec. Total: a spec that was let through can be built. */
export function buildSource(spec: Spec): SourceIr {
  const types = typeScope();
  const names = nameSource(spec, types);
  const records = claimRecords(spec, types);
  const builder = createTypeBuilder(spec.schemas, types);
  const scopes: Scopes = {
    types,
    methods: valueScope(),
    constants: valueScope([names.factory, names.source, "createReader", ...factoriesOf(spec)]),
  };
  const resources = spec.resources.map((resource) =>
    buildResource(resource, { scopes, builder, recordName: records.get(resource.name) }),
  );
  return {
    name: spec.name,
    ...(spec.description !== undefined && { description: spec.description }),
    ...(spec.docsUrl !== undefined && { docsUrl: spec.docsUrl }),
    specFile: spec.file,
    specHash: spec.hash,
    names,
    baseUrl: spec.baseUrl,
    headers: toPairs(spec.headers),
    ...(spec.auth && { auth: toCall(spec.auth) }),
    ...(spec.retry && { retry: spec.retry }),
    ...(spec.timeout !== undefined && { timeout: spec.timeout }),
    ...buildOptions(spec),
    resources,
    shared: builder.shared(),
  };
}

interface Scopes {
  readonly types: Scope;
  readonly methods: Scope;
  readonly constants: Scope;
}

function nameSource(spec: Spec, types: Scope): SourceNames {
  const pascal = toPascal(spec.name);
  const facade = types.claim(pascal, "Client");
  return {
    file: spec.name.replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "") || toCamel(spec.name),
    facade,
    factory: `create${facade}`,
    options: types.claim(`${facade}Options`),
    source: `${toCamel(spec.name).replace(/_$/, "")}Source`,
  };
}

/** Hand-written names first, then those of the records: they matter most, so they stay as they are. */
function claimRecords(spec: Spec, types: Scope): ReadonlyMap<string, string> {
  const isShared = ({ schema, recordType }: SpecResource): boolean =>
    schema === undefined ||
    (typeof schema === "object" && Object.keys(schema).join() === "$ref" && !recordType);
  const declared = spec.resources.filter((resource) => !isShared(resource));
  const byHand = declared.filter(({ recordType }) => recordType !== undefined);
  const derived = declared.filter(({ recordType }) => recordType === undefined);
  return new Map(
    [...byHand, ...derived].map(({ name, recordType }) => [
      name,
      types.claim(recordType ?? toSingularPascal(name), "Record"),
    ]),
  );
}

function factoriesOf(spec: Spec): readonly string[] {
  const uses = [spec.auth, ...spec.resources.flatMap(({ auth, paginator }) => [auth, paginator])];
  return uses.flatMap((use) => (use ? [use.kind.factory] : []));
}

/** Options that every client has: a secret of the same name gets a suffix. */
const clientOptions = [
  "fetch transport baseUrl headers retry timeout concurrency allowedOrigins maxBodyBytes schemas onEvent logger rateLimit",
].flatMap((line) => line.split(" "));

function buildOptions(spec: Spec): Pick<SourceIr, "secrets" | "config"> {
  const scope = valueScope(clientOptions);
  const secrets = spec.secrets.map((name): SecretIr => {
    const env = `${toUpperSnake(spec.name)}_${toUpperSnake(name)}`;
    return { name, option: scope.claim(toOption(name), "Secret"), env: /^\d/.test(env) ? `_${env}` : env };
  });
  const config = spec.config.map((name) => ({ name, option: scope.claim(toOption(name), "Value") }));
  return { secrets, config };
}

/** Options are properties: reserved words may stay as they are. */
function toOption(name: string): string {
  return toCamel(name).replace(/_$/, "");
}

interface ResourceContext {
  readonly scopes: Scopes;
  readonly builder: TypeBuilder;
  readonly recordName: string | undefined;
}

function buildResource(resource: SpecResource, { scopes, builder, recordName }: ResourceContext): ResourceIr {
  const method = scopes.methods.claim(resource.methodName ?? toCamel(resource.name));
  const declarations: DeclarationIr[] = [];
  const record = buildRecord(resource, { builder, recordName, declarations });
  const paginator = toCall(resource.paginator);
  return {
    name: resource.name,
    docs: methodDocs(resource, paginator),
    names: {
      method,
      constant: scopes.constants.claim(toBinding(method), "Resource"),
      params: resource.inputs.length > 0 ? scopes.types.claim(`${toPascal(method)}Params`) : "",
    },
    method: resource.method,
    path: resource.path,
    query: Object.entries(resource.query).map(([name, value]) => ({ name, value: value })),
    headers: toPairs(resource.headers),
    params: resource.inputs.map((input) => buildParam(input, { builder, method, declarations })),
    select: resource.select,
    paginator,
    ...(resource.auth !== undefined && { auth: resource.auth && toCall(resource.auth) }),
    ...(resource.retry && { retry: resource.retry }),
    ...(resource.timeout !== undefined && { timeout: resource.timeout }),
    primaryKey: resource.primaryKey,
    mergeKey: resource.mergeKey,
    writeDisposition: resource.writeDisposition,
    selected: resource.selected,
    record,
    declarations,
  };
}

/** A method name chosen by hand may be a reserved word; a constant may not. */
function toBinding(method: string): string {
  const camel = toCamel(method);
  return camel === `${method}_` ? camel : method;
}

interface RecordContext {
  readonly builder: TypeBuilder;
  readonly recordName: string | undefined;
  readonly declarations: DeclarationIr[];
}

function buildRecord(resource: SpecResource, { builder, recordName, declarations }: RecordContext): TypeIr {
  if (resource.schema === undefined) return { kind: "map", values: { kind: "json" } };
  if (recordName === undefined) return builder.build(resource.schema, "", declarations);
  const record = builder.declare(resource.schema, recordName, declarations);
  const [first] = declarations;
  if (first) declarations[0] = { ...first, description: recordDocs(resource, first.description) };
  return record;
}

function buildParam(
  { name, in: place, required, schema }: SpecInput,
  { builder, method, declarations }: { builder: TypeBuilder; method: string; declarations: DeclarationIr[] },
): ParamIr {
  const description = typeof schema === "object" ? schema["description"] : undefined;
  return {
    name,
    in: place,
    required,
    type: builder.build(schema, toPascal(method) + toPascal(name), declarations),
    ...(typeof description === "string" && { description }),
  };
}

function toCall({ kind, options }: KindUse): CallIr {
  const given = Object.keys(kind.options).filter((name) => Object.hasOwn(options, name));
  return {
    type: kind.type,
    factory: kind.factory,
    options: Object.fromEntries(given.map((name) => [name, options[name] as JsonIr])),
    selectors: given.filter((name) => kind.options[name]?.type === "selector"),
    phrase: kind.phrase(options),
  };
}

function toPairs(headers: Readonly<Record<string, string>>): readonly Pair[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}
