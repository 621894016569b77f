import type {
  CallIr,
  DeclarationIr,
  JsonIr,
  Pair,
  ParamIr,
  ResourceIr,
  RetryIr,
  SourceIr,
  TypeIr,
} from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { printKey, printLiteral, printMember, printString } from "./literal.js";
import { printSelector } from "./selector.js";
import type { TypePrinter } from "./types.js";

/** A row of a descriptor: finished source text. */
interface Fact {
  readonly key: string;
  readonly value: string;
}

/** What the printing of one module has at hand. */
export interface Printing {
  readonly imports: Imports;
  readonly types: TypePrinter;
}

/** Everything `source.hbs` shows, as finished strings. */
export function viewSource(source: SourceIr, printing: Printing): Readonly<Record<string, unknown>> {
  const { names } = source;
  const title = titleOf(source);
  return {
    names,
    optionsDefault: source.config.length > 0 ? "" : " = {}",
    factoryDocs: `Creates ${article(title)} ${title} client. Nothing is requested until a stream is iterated.`,
    optionsDocs: `Options of \`${names.factory}\`: its own, and those that every client takes.`,
    facadeDocs: `The resources of ${title}. Each method returns a stream of records, to be iterated with \`for await\`.`,
    sourceDocs: `${title} as data: what the runtime executes.`,
    options: viewOptions(source, printing.imports),
    resources: source.resources.map((resource) => viewResource(resource, printing)),
    shared: source.shared.map((declaration) => viewDeclaration(declaration, printing)),
    facts: sourceFacts(source, printing.imports),
  };
}

/** A name for prose: the facade's words. */
export function titleOf({ names }: SourceIr): string {
  return names.facade.replace(/([a-z\d])([A-Z])/g, "$1 $2");
}

function article(title: string): string {
  return /^[aeiou]/i.test(title) ? "an" : "a";
}

function viewOptions(source: SourceIr, imports: Imports): readonly object[] {
  const secrets = source.secrets.map(({ name, option, env }) => ({
    property: `${printMember(option)}?`,
    type: imports.useType("Secret"),
    docs: `The secret \`${name}\`. Left out, the environment variable \`${env}\` is read.`,
  }));
  const config = source.config.map(({ name, option }) => ({
    property: printMember(option),
    type: "string",
    docs: `The config value \`${name}\`.`,
  }));
  return [...config, ...secrets];
}

function viewResource(resource: ResourceIr, printing: Printing): object {
  const { names, params } = resource;
  const hasParams = params.length > 0;
  const isRequired = params.some(({ required }) => required);
  return {
    names: { ...names, method: printKey(names.method) },
    docs: resource.docs,
    record: printing.types.print(resource.record),
    paramsType: hasParams ? names.params : printing.imports.useType("NoParams"),
    paramsMark: isRequired ? "" : "?",
    paramsArgument: hasParams ? `, ${names.params}` : "",
    paramsDocs: `Parameters of \`${names.method}\`.`,
    params: params.map((param) => viewParam(param, printing)),
    declarations: resource.declarations.map((declaration) => viewDeclaration(declaration, printing)),
    facts: resourceFacts(resource, printing.imports),
    entry:
      names.constant === resource.name ? names.constant : `${printKey(resource.name)}: ${names.constant}`,
  };
}

function viewParam({ name, required, type, description, in: place }: ParamIr, { types }: Printing): object {
  return {
    property: printMember(name) + (required ? "" : "?"),
    type: types.print(type),
    docs: description ?? (place === "path" ? "Part of the path." : ""),
  };
}

function viewDeclaration(
  { name, type, description, deprecated }: DeclarationIr,
  { types }: Printing,
): object {
  const fields = type.kind === "object" ? type.fields.map((field) => viewField(field, types)) : undefined;
  return {
    name,
    docs: withDeprecation(description, deprecated),
    // An interface without members would accept anything.
    fields: fields?.length ? fields : undefined,
    type: fields?.length ? "" : types.print(type),
  };
}

function viewField(field: Extract<TypeIr, { kind: "object" }>["fields"][number], types: TypePrinter): object {
  const { name, required, type, description, deprecated } = field;
  const format = formatOf(type);
  const docs = format ? [description, `Format: ${format}.`].filter(Boolean).join("\n\n") : description;
  return {
    property: printMember(name) + (required ? "" : "?"),
    type: types.print(type),
    docs: withDeprecation(docs, deprecated),
  };
}

/** The tag goes through `comment` unharmed because it is written here, not in a spec. */
function withDeprecation(docs = "", deprecated = false): string | { text: string; deprecated: true } {
  return deprecated ? { text: docs, deprecated } : docs;
}

function formatOf(type: TypeIr): string | undefined {
  if (type.kind === "string") return type.format;
  if (type.kind === "array") return formatOf(type.items);
  return type.kind === "union" ? type.options.map(formatOf).find(Boolean) : undefined;
}

function sourceFacts(source: SourceIr, imports: Imports): readonly Fact[] {
  const secrets = source.secrets.map(
    ({ name, option, env }) => [`secrets.${name}`, { option, env }] as const,
  );
  const config = source.config.map(({ name, option }) => [`config.${name}`, { option }] as const);
  const options = [...secrets, ...config];
  return facts({
    name: printString(source.name),
    baseUrl: printString(source.baseUrl),
    spec: printString(source.specHash),
    options: options.length > 0 && printLiteral(Object.fromEntries(options)),
    headers: printPairs(source.headers),
    auth: source.auth && printCall(source.auth, imports),
    retry: source.retry && printRetry(source.retry),
    timeout: source.timeout !== undefined && String(source.timeout),
  });
}

function resourceFacts(resource: ResourceIr, imports: Imports): readonly Fact[] {
  const { auth, query, params, primaryKey, mergeKey } = resource;
  return facts({
    name: printString(resource.name),
    method: resource.method !== "GET" && printString(resource.method),
    path: printString(resource.path),
    params:
      params.length > 0 && printLiteral(Object.fromEntries(params.map((param) => [param.name, param.in]))),
    query:
      query.length > 0 && printLiteral(Object.fromEntries(query.map(({ name, value }) => [name, value]))),
    headers: printPairs(resource.headers),
    select: printSelector(resource.select),
    paginator: printCall(resource.paginator, imports),
    auth: auth === null ? "null" : auth && printCall(auth, imports),
    retry: resource.retry && printRetry(resource.retry),
    timeout: resource.timeout !== undefined && String(resource.timeout),
    primaryKey: primaryKey.length > 0 && printLiteral(primaryKey),
    mergeKey: mergeKey.length > 0 && printLiteral(mergeKey),
    writeDisposition: resource.writeDisposition !== "append" && printString(resource.writeDisposition),
    selected: !resource.selected && "false",
  });
}

/** The rows that have a value, in the order written. */
function facts(rows: Readonly<Record<string, string | false | undefined>>): readonly Fact[] {
  return Object.entries(rows).flatMap(([key, value]) => (value ? [{ key, value }] : []));
}

function printCall({ factory, options, selectors }: CallIr, imports: Imports): string {
  const rows = Object.entries(options).map(([name, value]) => {
    const isSelector = typeof value === "string" && selectors.includes(name);
    return `${printKey(name)}: ${isSelector ? printSelector(value) : printLiteral(value)}`;
  });
  return `${imports.use(factory)}(${rows.length > 0 ? `{ ${rows.join(", ")} }` : ""})`;
}

function printRetry(retry: RetryIr): string {
  return printLiteral(retry as Readonly<Record<string, JsonIr>>);
}

function printPairs(pairs: readonly Pair[]): string | false {
  return pairs.length > 0 && printLiteral(Object.fromEntries(pairs.map(({ name, value }) => [name, value])));
}
