import { columns, rows, type JsonValue } from "@connector-gen/runtime";
import type { Query } from "@connector-gen/runtime/plugin";
import { walkBody, type Path } from "@connector-gen/runtime/kinds";
import { isObject, type Raw } from "../spec/values.js";
import { everyItem } from "./envelope.js";
import { isPlainName, toSelector } from "./selectors.js";

/** Records in the form of a table: lists of values in the order of named columns, or one list per field. */
export interface RecordTable {
  readonly path: Path;
  /** The spec's `data_layout`. */
  readonly layout: JsonValue;
  /** Selects the records. */
  readonly select: Query;
  readonly reason: string;
  readonly size: number;
}

/** Fields of a column that may hold its name, the likeliest first. */
const columnNames = ["name", "field", "key", "id", "column", "label", "title"];

interface Place {
  readonly path: Path;
  readonly value: unknown;
}

/** Finds rows of values and the names of their columns: `{ "columns": ["id", "name"], "rows": [[1, "a"]] }`. */
export function findRows(body: unknown): RecordTable | undefined {
  const places = [...walkBody(body, 4)];
  for (const { path, value } of places) {
    const table = rowsOf(path, value);
    const width = table?.cells[0]?.length ?? 0;
    if (!table || width < 2 || table.cells.some(({ length }) => length !== width)) continue;
    const names = places.map((place) => columnsOf(place, width)).find((found) => found !== undefined);
    if (names === undefined) continue;
    const cell = cellOf(table.cells);
    if (cell === null) continue;
    const columnsPath = toSelector(names);
    if (columnsPath === undefined) continue;
    return {
      path: table.path,
      layout: { type: "rows", columns_path: columnsPath, ...(cell !== undefined && { cell_path: cell }) },
      select: rows(table.path, { columns: names, ...(cell !== undefined && { cell: [cell] }) }),
      reason: `each row has ${width} values, whose names are in ${columnsPath}`,
      size: table.cells.length,
    };
  }
  return undefined;
}

interface Rows {
  readonly path: Path;
  readonly cells: readonly (readonly unknown[])[];
}

/** Returns the rows of a list whose items are lists, or objects with nothing but a list, as in `{ "f": […] }`. */
function rowsOf(path: Path, value: unknown): Rows | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const items = value as readonly unknown[];
  if (items.every((item) => Array.isArray(item))) return { path, cells: items };
  const names = new Set(items.flatMap((item) => (isObject(item) ? Object.keys(item) : ["", "-"])));
  const [name = ""] = names;
  const lists = items.map((item) => (isObject(item) ? item[name] : undefined));
  return names.size === 1 && isPlainName(name) && lists.every((list) => Array.isArray(list))
    ? { path: [...path, everyItem, name], cells: lists }
    : undefined;
}

/**
 * Returns the field of all cells that holds their value; `undefined` if the cells are the values, `null` if neither is
 * true.
 */
function cellOf(table: Rows["cells"]): string | undefined | null {
  const objects = table.flat().filter((cell) => typeof cell === "object" && cell !== null);
  if (objects.length === 0) return undefined;
  const names = new Set(objects.flatMap((cell) => (isObject(cell) ? Object.keys(cell) : ["", "-"])));
  const [name] = names;
  return names.size === 1 && name !== undefined && isPlainName(name) ? name : null;
}

/** Returns the selector of the names in a list of columns, if it has as many columns as a row has values. */
function columnsOf({ path, value }: Place, width: number): Path | undefined {
  if (!Array.isArray(value) || value.length !== width) return undefined;
  const items = value as readonly unknown[];
  if (areNames(items)) return path;
  const objects = items.filter(isObject);
  const name = columnNames.find((each) => areNames(objects.map((column) => column[each])));
  return objects.length === width && name !== undefined ? [...path, everyItem, name] : undefined;
}

function areNames(values: readonly unknown[]): boolean {
  return (
    values.every((value) => typeof value === "string" && isPlainName(value)) &&
    new Set(values).size === values.length
  );
}

/** Minimum length of a list that holds one field of all records. */
const minValues = 5;

/** Finds an object with one list per field: `{ "time": ["08:00", …], "temperature": [7.5, …] }`. */
export function findColumns(body: unknown): RecordTable | undefined {
  const places: readonly Place[] = [{ path: [], value: body }, ...walkBody(body, 3)];
  const tables = places.flatMap(({ path, value }) => {
    const size = isObject(value) ? sizeOf(value) : 0;
    return size < minValues ? [] : [{ path, size }];
  });
  const [longest] = [...tables].sort((a, b) => b.size - a.size);
  if (!longest) return undefined;
  const reason = "one list of values per field, all of the same length";
  return { ...longest, layout: "columns", select: columns(longest.path), reason };
}

/** Returns the length of the lists if an object has nothing but lists of plain values of one length; 0 otherwise. */
function sizeOf(object: Raw): number {
  const lists = Object.values(object);
  const [first] = lists;
  const size = Array.isArray(first) ? first.length : 0;
  const areColumns = lists.every(
    (list) =>
      Array.isArray(list) &&
      list.length === size &&
      list.every((value) => typeof value !== "object" || value === null),
  );
  return areColumns && lists.length > 1 ? size : 0;
}
