import { SyncError } from "../errors.js";
import {
  allowsTable,
  createField,
  createNode,
  declareColumns,
  discardRow,
  isJson,
  listOf,
  withoutRow,
  writeValue,
  type Enclosing,
  type Field,
  type TableNode,
  type Shared,
  type TableRules,
} from "./fields.js";
import { hashInput } from "./hash-input.js";
import { joinNames } from "./names.js";
import { hashText } from "./row-memory.js";
import { nextIds } from "./row-ids.js";
import type { TableState } from "./table.js";

/** Converts the records of one resource to rows. */
export interface Normalizer {
  /** Root table first. Grows with the records. */
  readonly tables: readonly TableState[];
  readonly rules: TableRules;
  /** Records and values that the contract discarded so far. */
  readonly discarded: () => number;
  /** Adds the record of a page. */
  readonly add: (record: unknown, page: number) => void;
  /** Skips a record. It keeps its sequence number in the run. */
  readonly skip: () => void;
  /** Returns the column of a field of the records, whether or not it has had a value. */
  readonly columnOf: (path: string) => string;
}

type RecordObject = Readonly<Record<string, unknown>>;

/**
 * Creates a normalizer, with `sequence` as the sequence number of the next record in its run. Creates the columns that
 * the spec describes immediately, so their names are checked before any request.
 */
export function createNormalizer(rules: TableRules, sequence = 0): Normalizer {
  const shared: Shared = {
    rules,
    tables: [],
    discarded: 0,
    page: 0,
    sequence,
    nested: 0,
    nextId: nextIds(),
  };
  const root = createNode(shared, { names: [rules.name], path: "" });
  declareColumns(root);
  // A contract forbids a new table only once there is a record.
  let isAllowed: boolean | undefined;
  return {
    tables: shared.tables,
    rules,
    discarded: () => shared.discarded,
    columnOf: (path) =>
      joinNames(createField(root, path, { names: [], path: "" }).names, rules.maxNameLength),
    skip: () => {
      shared.sequence++;
    },
    add: (record, page) => {
      shared.page = page;
      isAllowed ??= root.table.isKnown || withoutRow(() => allowsTable(rules, root.table.name));
      if (isAllowed) addRecord(root, isObject(record) ? record : { value: record });
      else shared.discarded++;
      shared.sequence++;
    },
  };
}

function addRecord(root: TableNode, record: RecordObject): void {
  const { shared, table, technical } = root;
  const { rules } = shared;
  const id = rules.rowId?.(record) ?? shared.nextId();
  const row = table.count;
  if (technical.loadId) technical.loadId.values[row] = rules.loadId;
  if (technical.sequence) technical.sequence.values[row] = shared.sequence;
  const { nested } = shared;
  addRow(root, record, { id, rootId: id, levels: rules.maxNesting });
  // The row of a flat record is hashed when it is packed, which takes less time.
  if (table.hash && (rules.hashesRecords || shared.nested > nested) && table.count > row)
    table.hash.values[row] = hashText(hashInput(record));
}

interface RowPlace {
  readonly id: string;
  readonly rootId: string;
  /** The number of further levels that become columns and tables. */
  readonly levels: number;
}

/** Writes one row, and then the rows of its lists. */
function addRow(node: TableNode, value: RecordObject, { id, rootId, levels }: RowPlace): void {
  const { table, shared } = node;
  const lists: List[] = [];
  const row = table.count;
  if (node.technical.id) node.technical.id.values[row] = id;
  try {
    flatten(node, value, { fields: node.fields, enclosing: { names: [], path: node.path }, levels, lists });
    for (const name of node.required)
      if (table.columns.get(name)?.values[row] == null) refuseNull(table, name);
  } catch (thrown) {
    if (thrown !== discardRow) throw thrown;
    shared.discarded++;
    for (const state of table.columns.values()) if (state.values.length > row) state.values.length = row;
    return;
  }
  table.pages[row] = shared.page;
  table.count++;
  if (table.parent) table.hasColumns = true;
  for (const list of lists) addList(node, list, { id, rootId, levels: levels - 1 });
}

interface List {
  readonly field: Field;
  readonly items: readonly unknown[];
}

function addList(node: TableNode, { field, items }: List, { id, rootId, levels }: RowPlace): void {
  const { shared } = node;
  let child: TableNode | "discarded";
  try {
    child = listOf(node, field);
  } catch (thrown) {
    // A new table is discarded with its rows, but the enclosing row has already been written.
    if (thrown !== discardRow) throw thrown;
    child = field.list = "discarded";
  }
  if (child === "discarded") {
    shared.discarded += items.length;
    return;
  }
  const { table, technical } = child;
  for (const [index, item] of items.entries()) {
    const row = table.count;
    if (technical.parentId) technical.parentId.values[row] = id;
    if (technical.listIndex) technical.listIndex.values[row] = index;
    if (technical.rootId) technical.rootId.values[row] = rootId;
    const isList = Array.isArray(item);
    const value = isList ? { list: item as unknown } : isObject(item) ? item : { value: item };
    const childId = shared.rules.childId?.(id, table.name, index) ?? shared.nextId();
    addRow(child, value, { id: childId, rootId, levels: isList ? levels - 1 : levels });
  }
}

/** An object in the current row. */
interface ObjectPlace {
  readonly fields: Map<string, Field>;
  readonly enclosing: Enclosing;
  readonly levels: number;
  /** Collects the lists of the row. */
  readonly lists: List[];
}

/** Writes the fields of an object into the current row of a table. */
function flatten(node: TableNode, value: RecordObject, place: ObjectPlace): void {
  for (const key in value) {
    const each = value[key];
    if (each === null || each === undefined) continue;
    let field = place.fields.get(key);
    if (!field) {
      field = createField(node, key, place.enclosing);
      place.fields.set(key, field);
    }
    if (typeof each !== "object") {
      writeValue(node, field, each);
    } else if (isJson(field, place.levels)) {
      node.shared.nested++;
      writeValue(node, field, each);
    } else if (Array.isArray(each)) {
      if (each.length === 0) continue;
      node.shared.nested++;
      place.lists.push({ field, items: each });
    } else {
      const fields = (field.fields ??= new Map<string, Field>());
      flatten(node, each as RecordObject, { ...place, fields, enclosing: field, levels: place.levels - 1 });
    }
  }
}

function refuseNull(table: TableState, column: string): never {
  const message = `a record of \`${table.name}\` has no value in \`${column}\`, which is a key or not nullable: change "primary_key", "merge_key" or "nullable", or filter these records`;
  throw new SyncError("INVALID_ROW", message);
}

function isObject(value: unknown): value is RecordObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
