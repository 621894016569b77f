import type { Column, ColumnType } from "../destination.js";
import { SyncError } from "../errors.js";
import type { ContractMode, FullContract } from "../options.js";
import { joinNames, toFieldName } from "./names.js";
import {
  addColumn,
  claimColumn,
  createTable,
  declareColumn,
  putCell,
  variantName,
  type ColumnState,
  type TableState,
} from "./table.js";
import { sequenceColumn, type TechnicalNames } from "./technical.js";
import { inferType, noValue, toCell } from "./types.js";

/** An existing table. */
export interface ExistingTable {
  readonly columns: readonly Column[];
  readonly isKnown: boolean;
}

/** The rules by which the records of one resource become rows. */
export interface TableRules {
  /** The name of the root table. */
  readonly name: string;
  readonly technical: TechnicalNames;
  readonly maxNameLength: number;
  /** Maximum depth of objects and lists that become columns and tables. Deeper ones are stored as JSON. */
  readonly maxNesting: number;
  readonly contract: FullContract;
  /** Returns the existing columns of a table. A table that is only staged so far is unknown. */
  readonly existing: (table: string) => ExistingTable | undefined;
  /** The columns that the spec describes, by path: `price`, `address.city`, `lines[].sku`. */
  readonly described: ReadonlyMap<string, Partial<Column>>;
  /** Whether texts that look like timestamps become timestamps if nothing describes the field. */
  readonly detectsTimestamps: boolean;
  /** The run that writes the rows. */
  readonly loadId: string;
  /** Whether rows are staged. Staged root rows have a sequence number. */
  readonly isStaged: boolean;
  /** Whether child rows name their root row. */
  readonly hasRootIds: boolean;
  /** Whether root rows have a hash. */
  readonly hasHashes: boolean;
  /** Whether the hash is always that of the record. Default: that of the stored values, if the record has no lists and no JSON. */
  readonly hashesRecords?: boolean;
  /** Returns the id of a root row. Default: random. */
  readonly rowId?: ((record: Readonly<Record<string, unknown>>) => string) | undefined;
  /** Returns the id of a child row. Default: random. */
  readonly childId?: ((parentId: string, table: string, index: number) => string) | undefined;
}

/** State that the tables of one resource share. */
export interface Shared {
  readonly rules: TableRules;
  /** Root table first. Grows with the records. */
  readonly tables: TableState[];
  /** Records and values that the contract discarded. */
  discarded: number;
  /** The page of the records that are being added. */
  page: number;
  /** The sequence number of the next record in the run. */
  sequence: number;
  /** The number of lists and JSON values so far. A record without any is flat: its root row has all its values. */
  nested: number;
  readonly nextId: () => string;
}

/** The column or table that a field of a record becomes. Completed when its values arrive. */
export interface Field {
  /** The parts of the column's name. */
  readonly names: readonly string[];
  /** The path in the record, for hints and messages. */
  readonly path: string;
  readonly described: Partial<Column> | undefined;
  column?: ColumnState | "discarded";
  /** The columns of values that do not fit, by name. */
  variants?: Map<string, ColumnState | "discarded">;
  fields?: Map<string, Field>;
  list?: TableNode | "discarded";
}

/** A table, with the fields of its rows. */
export interface TableNode {
  readonly shared: Shared;
  readonly table: TableState;
  /** The parts of the table's name. */
  readonly names: readonly string[];
  readonly path: string;
  readonly fields: Map<string, Field>;
  /** The columns that the spec describes, by name. */
  readonly described: ReadonlyMap<string, Partial<Column>>;
  /** The names of columns that need a value in every row. */
  readonly required: Set<string>;
  readonly technical: Readonly<
    Partial<Record<Exclude<keyof TechnicalNames, "hash"> | "sequence", ColumnState>>
  >;
}

/** Thrown inside a row that the contract discards. */
export const discardRow: unique symbol = Symbol("discard row");

/** Creates the root table, or with `parent` the table of a list. */
export function createNode(
  shared: Shared,
  {
    names,
    path,
    parent,
  }: { readonly names: readonly string[]; readonly path: string; readonly parent?: TableState },
): TableNode {
  const { rules, tables } = shared;
  const name = joinNames(names, rules.maxNameLength);
  const table = createTable({ name, path, parent }, rules.existing(name));
  tables.push(table);
  const technical = addTechnical(table, rules);
  const described = describedColumns(rules, table);
  return { shared, table, names, path, fields: new Map(), described, required: new Set(), technical };
}

function addTechnical(table: TableState, rules: TableRules): TableNode["technical"] {
  const { technical: names } = rules;
  const add = (name: string, type: ColumnType, nullable: boolean): ColumnState => {
    claimColumn(table, name, `(technical) ${name}`);
    const state = declareColumn(table, { name, type, nullable });
    if (state.column.type !== type) refuseType(table, state.column, type);
    state.isTechnical = true;
    return state;
  };
  if (table.parent) {
    return {
      id: add(names.id, "text", false),
      parentId: add(names.parentId, "text", false),
      listIndex: add(names.listIndex, "bigint", false),
      ...((rules.hasRootIds || rules.isStaged) && { rootId: add(names.rootId, "text", false) }),
    };
  }
  const ids = { id: add(names.id, "text", false), loadId: add(names.loadId, "text", false) };
  if (rules.hasHashes && names.hash) table.hash = add(names.hash, "text", true);
  return { ...ids, ...(rules.isStaged && { sequence: add(sequenceColumn, "bigint", true) }) };
}

function refuseType({ name }: TableState, column: Column, type: ColumnType): never {
  const message = `the column \`${column.name}\` of \`${name}\` is a ${column.type}, but sync needs a ${type} of this name: rename it`;
  throw new SyncError("NAME_COLLISION", message);
}

/**
 * Returns the described columns of a table, by name. As with dlt, the name of a column also describes it: `address__city` is
 * `address.city`, and `user_id` is `userId`. Throws if two fields have the same column.
 */
function describedColumns(
  { described, maxNameLength }: TableRules,
  { name: table, path: list }: TableState,
): ReadonlyMap<string, Partial<Column>> {
  const columns = new Map<string, Partial<Column>>();
  const fields = { name: table, owners: new Map<string, string>() };
  const prefix = list && `${list}.`;
  for (const [path, column] of described) {
    const field = path.slice(prefix.length);
    if (!path.startsWith(prefix) || field.includes("[")) continue;
    const names = field.split(".").map((part) => toFieldName(part, maxNameLength));
    const name = joinNames(names, maxNameLength);
    if (field !== name) claimColumn(fields, name, field);
    columns.set(name, { ...columns.get(name), ...column });
  }
  return columns;
}

/** The object that contains a field: the parts of its name, and its path. */
export interface Enclosing {
  readonly names: readonly string[];
  readonly path: string;
}

/** Creates a field of the rows of a table. */
export function createField(
  { shared: { rules }, described }: TableNode,
  key: string,
  enclosing: Enclosing,
): Field {
  const { maxNameLength } = rules;
  const path = enclosing.path ? `${enclosing.path}.${key}` : key;
  const names = [...enclosing.names, toFieldName(key, maxNameLength)];
  // A point may also be part of the key.
  return {
    names,
    path,
    described: described.get(joinNames(names, maxNameLength)) ?? rules.described.get(path),
  };
}

/** Whether lists and objects of a field stay JSON. `levels` is the number of further levels that become columns and tables. */
export function isJson({ column, described }: Field, levels: number): boolean {
  if (levels <= 0 || described?.type === "json") return true;
  return typeof column === "object" && column.column.type === "json";
}

/** Returns the table of a list. */
export function listOf(node: TableNode, field: Field): TableNode | "discarded" {
  if (field.list) return field.list;
  const { rules } = node.shared;
  const names = [...node.names, ...field.names];
  const name = joinNames(names, rules.maxNameLength);
  const isNew = rules.existing(name)?.isKnown !== true;
  if (isNew && node.table.isKnown && !allowsTable(rules, name)) return (field.list = "discarded");
  return (field.list = createNode(node.shared, { names, path: `${field.path}[]`, parent: node.table }));
}

/** Whether the contract allows a new table. Throws if it forbids the table or discards the row. */
export function allowsTable({ contract }: TableRules, name: string): boolean {
  return allows({ mode: contract.tables, what: `the table \`${name}\` is new`, entity: "tables" });
}

/** Writes a value into the column of its field, in the current row. */
export function writeValue(node: TableNode, field: Field, value: unknown): void {
  const { shared, table } = node;
  if (field.column === undefined) {
    const type = field.described?.type ?? inferType(value, shared.rules.detectsTimestamps);
    if (!type) return;
    field.column = columnOf(node, field, type);
  }
  const state = field.column;
  if (state === "discarded") {
    shared.discarded++;
    return;
  }
  const { column } = state;
  if (typeof value === "string" && column.type === "text") {
    putCell(table, state, value);
    return;
  }
  const cell = toCell(value, column);
  if (cell === noValue) writeVariant(node, field, { value, column });
  else putCell(table, state, cell);
}

/** Returns the column of a field, and creates it if the contract allows it. */
function columnOf(
  { shared: { rules }, table, required }: TableNode,
  field: Field,
  type: ColumnType,
): ColumnState | "discarded" {
  const name = joinNames(field.names, rules.maxNameLength);
  if (!allowsColumn(rules, table, name)) {
    required.delete(name);
    return "discarded";
  }
  claimColumn(table, name, field.path);
  if (field.described?.nullable === false) required.add(name);
  return addColumn(table, { ...field.described, name, type });
}

function allowsColumn({ contract }: TableRules, table: TableState, name: string): boolean {
  const what = `the column \`${table.name}.${name}\` is new`;
  const isNew = !table.columns.has(name) && table.hasColumns;
  return !isNew || allows({ mode: contract.columns, what, entity: "columns" });
}

/** Creates the described columns of a root table. A column without a type gets that of its first value. */
export function declareColumns({ shared: { rules }, table, described, required }: TableNode): void {
  for (const path of rules.described.keys()) {
    if (/[.[]/.test(path)) continue;
    const name = toFieldName(path, rules.maxNameLength);
    const { type, ...column } = described.get(name) ?? {};
    if (type && !withoutRow(() => allowsColumn(rules, table, name))) continue;
    if (type) declareColumn(table, { ...column, name, type });
    if (column.nullable === false) required.add(name);
  }
}

/** Returns whether the contract allows a change that is not part of a row. */
export function withoutRow(isAllowed: () => boolean): boolean {
  try {
    return isAllowed();
  } catch (thrown) {
    if (thrown !== discardRow) throw thrown;
    return false;
  }
}

/** Writes a value that does not fit its column into a variant column. */
function writeVariant(
  node: TableNode,
  field: Field,
  { value, column }: { readonly value: unknown; readonly column: Column },
): void {
  const { shared, table } = node;
  const type = inferType(value, shared.rules.detectsTimestamps) ?? "text";
  const name = variantName(
    column.name,
    typeof value === "string" ? "text" : type,
    shared.rules.maxNameLength,
  );
  const variants = (field.variants ??= new Map<string, ColumnState | "discarded">());
  const state = variants.get(name) ?? variantOf(node, field, { column, variant: { name, type } });
  variants.set(name, state);
  if (state === "discarded") {
    shared.discarded++;
    return;
  }
  const cell = toCell(value, state.column);
  // The first text was a time, but this one is not.
  if (cell === noValue) writeVariant(node, field, { value, column: state.column });
  else putCell(table, state, cell);
}

function variantOf(
  { shared, table }: TableNode,
  field: Field,
  { column, variant }: { readonly column: Column; readonly variant: Pick<Column, "name" | "type"> },
): ColumnState | "discarded" {
  const { name, type } = variant;
  const what = `a value of \`${table.name}.${column.name}\`, a ${column.type}, is ${type}`;
  const isNew = !table.columns.has(name);
  if (isNew && !allows({ mode: shared.rules.contract.data_type, what, entity: "data types" }))
    return "discarded";
  claimColumn(table, name, `${field.path} (${type})`);
  return addColumn(table, variant);
}

/** A change of the tables that the contract allows or forbids. */
interface Change {
  readonly mode: ContractMode;
  readonly what: string;
  readonly entity: string;
}

/** Whether the contract allows a change. Throws if it forbids the change or discards the row. */
function allows({ mode, what, entity }: Change): boolean {
  if (mode === "freeze")
    throw new SyncError("CONTRACT", `${what}, and the schema contract freezes ${entity}`);
  // Not an error: the symbol ends the row.
  if (mode === "discard_row") throw discardRow as unknown;
  return mode === "evolve";
}
