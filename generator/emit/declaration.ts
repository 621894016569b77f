import { reserved, typeName as name } from "./print-type.js";
import { plainKey, quotedKey, type Row, type Value } from "./read-value.js";

/** The effect of a statement. */
export type Declaration =
  | { readonly kind: "comment" }
  | ImportDeclaration
  | { readonly kind: "type"; readonly name: string }
  | { readonly kind: "factory"; readonly name: string }
  | ConstantDeclaration;

/** Imports by name. */
export interface ImportDeclaration {
  readonly kind: "imports";
  readonly modules: ReadonlySet<string>;
  /** The imported values, without types. */
  readonly values: ReadonlySet<string>;
}

/** A constant that consists of rows. Types and factories are always exported. */
export interface ConstantDeclaration {
  readonly kind: "constant";
  readonly name: string;
  readonly isExported: boolean;
  /** The names that its rows call, and the other names in them. Everything else is a literal. */
  readonly calls: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** A constant whose rows are not yet all read. */
interface OpenConstant extends ConstantDeclaration {
  readonly calls: Set<string>;
  readonly names: Set<string>;
}

type OpenDeclaration = Exclude<Declaration, ConstantDeclaration> | OpenConstant;

/** The facts about a statement that its lines have shown so far. */
export interface Recognition {
  /** The declaration that begins the statement. */
  declares: OpenDeclaration | undefined;
  /** Whether all lines are documentation or belong to that declaration. */
  isWhole: boolean;
  /** Number of statements in the body of a factory. */
  steps: number;
}

/** Starts the recognition of a statement. */
export function createRecognition(): Recognition {
  return { declares: undefined, isWhole: true, steps: 0 };
}

/** Returns the declaration of a statement if each of its lines shows that it does nothing else. */
export function declarationOf({ declares, isWhole, steps }: Recognition): Declaration | undefined {
  if (!isWhole || (declares?.kind === "factory" && steps < factoryBody.length)) return undefined;
  return declares ?? { kind: "comment" };
}

/** Records a line of a statement. `row` is the parsed row, if the line is one; `depth` is the number of enclosing blocks. */
export function noteLine(
  recognition: Recognition,
  line: string,
  { row, depth }: { readonly row: Row | undefined; readonly depth: number },
): void {
  if (depth === 0) noteStart(recognition, line);
  else if (recognition.declares?.kind === "constant") noteRow(recognition, line, row);
  else if (recognition.declares?.kind !== "factory" || !isFactoryLine(recognition, line, depth))
    recognition.isWhole = false;
}

/** Returns the line that ends a block with `depth` enclosing blocks. */
export function endOf({ declares }: Recognition, depth: number): string {
  if (declares?.kind === "constant") return depth > 0 ? "}," : "};";
  return declares?.kind === "factory" && depth > 0 ? "};" : "}";
}

/** Records a line outside all blocks. */
function noteStart(recognition: Recognition, line: string): void {
  const { declares } = recognition;
  const found = readStart(line);
  if (!declares && found) recognition.declares = found;
  else if (declares?.kind === "imports" && found?.kind === "imports")
    recognition.declares = mergeImports(declares, found);
  else recognition.isWhole = false;
}

function mergeImports(one: ImportDeclaration, other: ImportDeclaration): ImportDeclaration {
  return {
    kind: "imports",
    modules: new Set([...one.modules, ...other.modules]),
    values: new Set([...one.values, ...other.values]),
  };
}

/** Returns the declaration that a line outside all blocks begins. */
function readStart(line: string): OpenDeclaration | undefined {
  const type = typeStart.exec(line)?.[1];
  if (type !== undefined) return { kind: "type", name: type };
  const [, isExported, constant] = constantStart.exec(line) ?? [];
  if (constant !== undefined)
    return {
      kind: "constant",
      name: constant,
      isExported: isExported !== undefined,
      ...{ calls: new Set(), names: new Set() },
    };
  const factory = factoryStart.exec(line)?.[1];
  if (factory !== undefined) return { kind: "factory", name: factory };
  const [, isType, names, module] = importForm.exec(line) ?? [];
  if (names === undefined || module === undefined) return undefined;
  const values = isType === undefined ? names.split(", ") : [];
  return { kind: "imports", modules: new Set([module]), values: new Set(values) };
}

/** Records a line in a constant: a row, a constant as a row, or the start of the resources. */
function noteRow(recognition: Recognition, line: string, row: Row | undefined): void {
  const { declares } = recognition;
  if (declares?.kind !== "constant") return;
  const shorthand = shorthandForm.exec(line)?.[1];
  if (row) noteWords(recognition, row.value, declares);
  else if (shorthand !== undefined) declares.names.add(shorthand);
  else if (!resourcesForm.test(line)) recognition.isWhole = false;
}

/** Records the names that a value calls and contains. */
function noteWords(
  recognition: Recognition,
  value: Value,
  words: Pick<OpenConstant, "calls" | "names">,
): void {
  const word = value.kind === "call" ? value.name : value.kind === "name" ? value.flat : undefined;
  if (word !== undefined && reserved.has(word)) recognition.isWhole = false;
  else if (word !== undefined) words[value.kind === "call" ? "calls" : "names"].add(word);
  if (value.kind === "object") for (const row of value.rows) noteWords(recognition, row.value, words);
  if (value.kind === "list" || value.kind === "call")
    for (const item of value.items) noteWords(recognition, item, words);
}

/** Whether a line is the next statement of a factory, or a method of the client that it returns. */
function isFactoryLine(recognition: Recognition, line: string, depth: number): boolean {
  if (depth > 1) return clientForms.some((form) => form.test(line));
  return factoryBody[recognition.steps++]?.test(line) === true;
}

/** The first line of an exported type. */
const typeStart = new RegExp(`^export (?:interface|type) (${name})(?: extends ${name})?(?: = .+;| \\{)$`);

/** The first line of a constant that holds rows. */
const constantStart = new RegExp(
  `^(export )?const (${name}): ${name}(?:<(?:${name}|never)(?:, ${name})?>)? = \\{$`,
);

/** A constant as a row, named like its key. */
const shorthandForm = new RegExp(`^(${name}),$`);

const resourcesForm = /^resources: \{$/;

const importForm = new RegExp(`^import (type )?\\{ (${name}(?:, ${name})*) \\} from "([\\w@/.-]+)";$`);

/** The first line of a factory. */
const factoryStart = new RegExp(
  `^export function (${name})\\(options: ${name}(?: = \\{\\})?\\): ${name} \\{$`,
);

/** The statements in a factory. */
const factoryBody: readonly RegExp[] = [
  new RegExp(`^const reader = createReader\\(${name}, options\\);$`),
  /^return \{$/,
];

/** The rows of a client: its reader, and its methods. */
const clientForms: readonly RegExp[] = [
  /^\[readerKey\]: reader,$/,
  methodForm("params, read", "params, read"),
  methodForm("\\.\\.\\.read", "\\{\\}, \\.\\.\\.read"),
];

/** The form of a method with these parameters, which reads a resource with these arguments. */
function methodForm(params: string, args: string): RegExp {
  const resource = `(?:${name}|decodeDates\\(${name}, ${name}, "[\\w$]+"\\))`;
  return new RegExp(
    `^(?:${plainKey}|${quotedKey}): \\(${params}\\) => reader\\.read\\(${resource}, ${args}\\),$`,
  );
}

/** Lines of code that prettier leaves unchanged as long as they fit. */
export const stableForms: readonly RegExp[] = [
  importForm,
  constantStart,
  shorthandForm,
  resourcesForm,
  factoryStart,
  ...factoryBody,
  ...clientForms,
];
