import type {
  DeclarationIr,
  FieldIr,
  JsonIr,
  ParamIr,
  ParamSetIr,
  ResourceIr,
  SourceIr,
  TypeIr,
} from "../ir/source-ir.js";
import { resourceProperties, sourceProperties } from "./descriptor.js";
import type { Imports } from "./imports.js";
import { printKey, printLiteral, printMember, printString } from "./literal.js";
import type { TypePrinter } from "./types.js";

/** The tools that print one module. */
export interface Printing {
  readonly imports: Imports;
  readonly types: TypePrinter;
}

/** Returns the view of `source.hbs`, which contains finished strings. */
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
      generics.arguments && "The return type of a `map` hook becomes the record type.",
    ]
      .filter(Boolean)
      .join(" "),
    optionsDocs: describeOptions(names, generics.arguments),
    facadeDocs: `The resources of ${title}. Each method returns a stream of records to iterate with \`for await\`.`,
    sourceDocs: `${title} as data, for the runtime.`,
    options,
    hooksDocs: "Functions that filter and transform records, by resource.",
    hooks: source.resources.flatMap((resource) => viewHooks(resource, printing)),
    resources: source.resources.map((resource) => viewResource(resource, source, printing)),
    shared: source.shared.map((declaration) => viewDeclaration(declaration, printing)),
    dates: source.dates && {
      constant: source.dates.constant,
      rows: Object.entries(source.dates.places).map(([name, places]) => ({
        key: printKey(name),
        value: printLiteral(places),
      })),
    },
    properties: sourceProperties(source, printing.imports),
  };
}

/** Describes the options. A type annotation would replace the result of a `map` hook by its default. */
function describeOptions({ factory, options }: SourceIr["names"], generics: string): string {
  const docs = `The options of \`${factory}\`.`;
  if (!generics) return docs;
  const unknowns = generics.replaceAll(/\w+/g, "unknown");
  return `${docs} Options in a constant keep the result of \`map\` with \`satisfies ${options}${unknowns}\`, not with a type annotation.`;
}

/** An option of the factory, for the template. */
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
        docs: `The config value \`${name}\`${isList ? ", a list. Reads once per value" : ""}.`,
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
            docs: "Functions that filter and transform records.",
          }),
        ]
      : []),
    ...secrets.map(({ name, option, env }) =>
      view(option, false, {
        type: imports.useType("Secret"),
        docs: `The secret \`${name}\`. Default: the environment variable \`${env}\`.`,
      }),
    ),
  ];
  return [...all.filter(({ isRequired }) => isRequired), ...all.filter(({ isRequired }) => !isRequired)];
}

/** Returns the view of the module's type parameters, which are the return types of `map` hooks. */
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
      docs: `For the records of \`${name}\`.`,
      filter: filter && types.print(filter.record),
      map: map && { record: types.print(map.record), result },
    },
  ];
}

function viewResource(resource: ResourceIr, { dates }: SourceIr, printing: Printing): object {
  const { names, params } = resource;
  const { constant } = names;
  const decoded =
    dates && resource.dates !== undefined
      ? `${printing.imports.use("decodeDates")}(${constant}, ${dates.constant}, ${printString(resource.dates)})`
      : constant;
  const hasParams = params.length > 0;
  const isRequired = params.some(({ required }) => required);
  return {
    names: { ...names, method: printKey(names.method) },
    docs: resource.docs,
    decoded,
    record: printing.types.print(resource.record),
    described: isOpen(resource) ? "never" : printing.types.print(resource.record),
    constantDocs: resource.hooks?.map
      ? `The return type of \`hooks.${resource.hooks.name}.map\` is the type of these records.`
      : "",
    hasParams,
    paramsMark: isRequired ? "" : "?",
    paramsArgument: hasParams ? `, ${names.params}` : "",
    paramsDocs: `Parameters of \`${names.method}\`.`,
    params: resource.paramUnion ? [] : params.map((param) => viewParam(param, printing)),
    paramUnion: viewParamUnion(resource, printing),
    declarations: resource.declarations.map((declaration) => viewDeclaration(declaration, printing)),
    properties: resourceProperties(resource, printing.imports),
    entry:
      names.constant === resource.name ? names.constant : `${printKey(resource.name)}: ${names.constant}`,
  };
}

/**
 * Whether a hook transforms the records, or they have keys that no schema names. In these cases, the descriptor cannot
 * name their type. It is a `Resource<never>`, because a stream of `never` is assignable to a stream of any record.
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
    docs: description ?? (place === "path" ? "A path parameter." : ""),
  };
}

function viewDeclaration(
  { name, type, description, deprecated }: DeclarationIr,
  { types }: Printing,
): object {
  const fields =
    type.kind === "object"
      ? [...type.fields.map((field) => viewField(field, types)), ...viewAdditional(type, types)]
      : undefined;
  return {
    name,
    extends: type.kind === "object" && type.base !== undefined ? ` extends ${type.base}` : "",
    docs: withDeprecation(description, deprecated),
    // An interface without members accepts any value.
    fields: fields?.length ? fields : undefined,
    type: fields?.length ? "" : types.print(type),
  };
}

function viewField(field: FieldIr, types: TypePrinter): object {
  const { name, required, type, description, deprecated } = field;
  const docs = [description, describeSchema(field).join(" ")].filter(Boolean).join("\n\n");
  return {
    property: printMember(name) + (required ? "" : "?"),
    type: types.print(type),
    docs: withDeprecation(docs, deprecated),
  };
}

/** Returns the index signature for all other fields. Its type includes the types of the declared fields. */
function viewAdditional(
  { fields, additional }: Extract<TypeIr, { kind: "object" }>,
  types: TypePrinter,
): readonly object[] {
  if (!additional) return [];
  const printed = [additional, ...fields.map(({ type }) => type)].map(types.print);
  const missing = fields.some(({ required }) => !required) ? ["undefined"] : [];
  return [{ property: "[key: string]", type: [...new Set([...printed, ...missing])].join(" | "), docs: "" }];
}

/** Returns what a schema says about a field, besides its type, as sentences. */
function describeSchema({ type, unit, default: standard, examples = [] }: FieldIr): readonly string[] {
  const format = formatOf(type);
  if ((format ?? unit ?? standard) === undefined && examples.length === 0) return [];
  const shown = examples.filter(isShort).slice(0, 3);
  const one = shown.length === 1 ? "Example" : "Examples";
  return [
    format === undefined ? "" : `Format: ${format}.`,
    unit === undefined ? "" : `Unit: ${unit}.`,
    standard === undefined || !isShort(standard) ? "" : `Default: ${code(standard)}.`,
    shown.length === 0 ? "" : `${one}: ${shown.map(code).join(", ")}.`,
  ].filter(Boolean);
}

/** Whether a value fits into a sentence. */
function isShort(value: JsonIr): boolean {
  const text = JSON.stringify(value);
  return text.length <= 60 && !/[`\n]/.test(text);
}

function code(value: JsonIr): string {
  return `\`${printLiteral(value)}\``;
}

/** Adds the tag `@deprecated`, which `comment` would escape in the text of a spec. */
function withDeprecation(docs = "", deprecated = false): string | { text: string; deprecated: true } {
  return deprecated ? { text: docs, deprecated } : docs;
}

function formatOf(type: TypeIr): string | undefined {
  if (type.kind === "string") return type.format;
  if (type.kind === "array") return formatOf(type.items);
  return type.kind === "union" ? type.options.map(formatOf).find(Boolean) : undefined;
}
