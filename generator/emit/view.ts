import type { DeclarationIr, ParamIr, ParamSetIr, ResourceIr, SourceIr, TypeIr } from "../ir/source-ir.js";
import { resourceFacts, sourceFacts } from "./facts.js";
import type { Imports } from "./imports.js";
import { printKey, printMember } from "./literal.js";
import type { TypePrinter } from "./types.js";

/** What the printing of one module has at hand. */
export interface Printing {
  readonly imports: Imports;
  readonly types: TypePrinter;
}

/** Everything `source.hbs` shows, as finished strings. */
export function viewSource(source: SourceIr, printing: Printing): Readonly<Record<string, unknown>> {
  const { names } = source;
  const { title } = names;
  const generics = viewGenerics(source, printing);
  const options = viewOptions(source, generics.arguments, printing.imports);
  return {
    names,
    generics,
    optionsDefault: options.some(({ isRequired }) => isRequired) ? "" : " = {}",
    factoryDocs: [
      `Creates a client for ${title}. Sends no request until a stream is iterated.`,
      generics.arguments && "Records that a hook maps are of the type that it answers.",
    ]
      .filter(Boolean)
      .join(" "),
    optionsDocs: `Options of \`${names.factory}\`: its own, and those that every client takes.`,
    facadeDocs: `The resources of ${title}. Each method returns a stream of records, to be iterated with \`for await\`.`,
    sourceDocs: `${title} as data: what the runtime executes.`,
    options,
    hooksDocs: "The functions that records go through before they are handed on.",
    hooks: source.resources.flatMap((resource) => viewHooks(resource, printing)),
    resources: source.resources.map((resource) => viewResource(resource, printing)),
    shared: source.shared.map((declaration) => viewDeclaration(declaration, printing)),
    facts: sourceFacts(source, printing.imports),
  };
}

/** An option as the template shows it. */
interface Option {
  readonly property: string;
  readonly type: string;
  readonly docs: string;
  readonly isRequired: boolean;
}

function viewOptions(
  { config, secrets, clientOptions, names }: SourceIr,
  generics: string,
  imports: Imports,
): readonly Option[] {
  const view = (
    name: string,
    isRequired: boolean,
    { type, docs }: Pick<Option, "type" | "docs">,
  ): Option => ({
    property: printMember(name) + (isRequired ? "" : "?"),
    type: isRequired ? type : `${type} | undefined`,
    docs,
    isRequired,
  });
  const all = [
    ...config.map(({ name, option, isList }) =>
      view(option, true, {
        type: isList ? "readonly string[]" : "string",
        docs: `The config value \`${name}\`${isList ? ": what is read, each by itself" : ""}.`,
      }),
    ),
    ...clientOptions.map(({ name, types, imports: names, description, required }) => {
      names.forEach(imports.useType);
      return view(name, required, { type: types.join(" | "), docs: description });
    }),
    ...(names.hooks
      ? [
          view("hooks", true, {
            type: names.hooks + generics,
            docs: "The functions that records go through.",
          }),
        ]
      : []),
    ...secrets.map(({ name, option, env }) =>
      view(option, false, {
        type: imports.useType("Secret"),
        docs: `The secret \`${name}\`. Left out, the environment variable \`${env}\` is read.`,
      }),
    ),
  ];
  return [...all.filter(({ isRequired }) => isRequired), ...all.filter(({ isRequired }) => !isRequired)];
}

/** The module's type parameters: what hooks make of records. */
function viewGenerics(
  { resources }: SourceIr,
  { types }: Printing,
): { readonly parameters: string; readonly arguments: string } {
  const parameters = resources.flatMap(({ hooks }) => (hooks?.parameter ? [hooks.parameter] : []));
  if (parameters.length === 0) return { parameters: "", arguments: "" };
  const declared = parameters.map((each) => `${each.name} = ${types.print(each.default)}`);
  return {
    parameters: `<${declared.join(", ")}>`,
    arguments: `<${parameters.map(({ name }) => name).join(", ")}>`,
  };
}

function viewHooks({ name, hooks }: ResourceIr, { types }: Printing): readonly object[] {
  if (!hooks) return [];
  const { filter, map } = hooks;
  const result = map && types.print(map.result);
  return [
    {
      key: printMember(hooks.name),
      docs: `For \`${name}\`.`,
      filter: filter && types.print(filter.record),
      map: map && { record: types.print(map.record), result },
    },
  ];
}

function viewResource(resource: ResourceIr, printing: Printing): object {
  const { names, params } = resource;
  const hasParams = params.length > 0;
  const isRequired = params.some(({ required }) => required);
  return {
    names: { ...names, method: printKey(names.method) },
    docs: resource.docs,
    record: printing.types.print(resource.record),
    described: isOpen(resource) ? "never" : printing.types.print(resource.record),
    constantDocs: resource.hooks?.map
      ? `What becomes of these records is up to \`hooks.${resource.hooks.name}.map\`.`
      : "",
    hasParams,
    paramsMark: isRequired ? "" : "?",
    paramsArgument: hasParams ? `, ${names.params}` : "",
    paramsDocs: `Parameters of \`${names.method}\`.`,
    params: resource.paramUnion ? [] : params.map((param) => viewParam(param, printing)),
    paramUnion: viewParamUnion(resource, printing),
    declarations: resource.declarations.map((declaration) => viewDeclaration(declaration, printing)),
    facts: resourceFacts(resource, printing.imports),
    entry:
      names.constant === resource.name ? names.constant : `${printKey(resource.name)}: ${names.constant}`,
  };
}

/**
 * Whether nothing can be said of the records in the descriptor: they are what a hook makes of them, or have fields that
 * no schema names. A stream of `never` may be handed on as one of anything.
 */
function isOpen({ hooks, hasOpenKeys }: ResourceIr): boolean {
  return hooks?.map !== undefined || hasOpenKeys === true;
}

function viewParamUnion({ paramUnion }: ResourceIr, printing: Printing): object | undefined {
  if (!paramUnion) return undefined;
  const { base, members } = paramUnion;
  const view = ({ name, description, params, without }: ParamSetIr, parent = ""): object => ({
    name,
    extends: parent && ` extends ${parent}`,
    docs: description,
    params: [
      ...params.map((param) => viewParam(param, printing)),
      ...without.map((key) => ({ property: `${printMember(key)}?`, type: "undefined", docs: "" })),
    ],
  });
  return {
    sets: [...(base ? [view(base)] : []), ...members.map((member) => view(member, base?.name))],
    type: members.map(({ name }) => name).join(" | "),
  };
}

function viewParam({ name, required, type, description, in: place }: ParamIr, { types }: Printing): object {
  return {
    property: printMember(name) + (required ? "" : "?"),
    type: types.print(type) + (required ? "" : " | undefined"),
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
    extends: type.kind === "object" && type.base !== undefined ? ` extends ${type.base}` : "",
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
