import { createRequire } from "node:module";
import type * as DuckDb from "@duckdb/node-api";
import type { Column, RowBatch, TableName, TextLoader, TextPart } from "../destination.js";
import { columnList, tableRef } from "../sql.js";
import { viewOf } from "../tables/cell-text.js";
import { columnsOf } from "../tables/packed-rows.js";
import { chunkSize, typesOf } from "./duckdb-append.js";
import { cellWidths, packedCellsOf, readCells, writeCells, type PackedCells } from "./duckdb-cells.js";
import { needsConversion, throwWithoutStatement, type AppendRows } from "./duckdb-convert.js";

// DuckDB reads waiting rows as the result of a table function. It asks for one chunk of rows at a time and does all other
// work in its own thread, while the next pages are read.

type Driver = typeof DuckDb;

/** The number of table functions so far. An instance keeps the first function of a name, so each connection has its own name. */
let functions = 0;

/** Parts with the same columns that DuckDB is reading. */
interface Scan {
  readonly types: readonly DuckDb.DuckDBType[];
  readonly fill: (chunk: DuckDb.DuckDBDataChunk) => void;
}

/**
 * Creates the text loader of a connection. `append` adds rows to tables with other types. Returns `undefined` if this
 * version of the driver lacks a function that the loader calls; then rows wait as values.
 */
export function createTextLoader(
  driver: Driver,
  connection: DuckDb.DuckDBConnection,
  append: AppendRows,
): TextLoader | undefined {
  const bindings = loadBindings();
  if (!bindings) return undefined;
  let scan: Scan | undefined;
  const name = registerScan(driver, connection, () => {
    if (!scan) throw new Error("the table function of waiting rows is called without rows");
    return scan;
  });
  const insert = async (target: Target, parts: readonly TextPart[]): Promise<void> => {
    const { columns = [] } = parts[0] ?? {};
    const types = columns.map((column) => scanTypeOf(driver, column, target));
    scan = { types, fill: createFill(bindings, parts) };
    const { rowsChanged } = await connection
      .run(insertSql(target, columns, name))
      .catch(throwWithoutStatement);
    scan = undefined;
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    if (rowsChanged !== count)
      throw new Error(`DuckDB added ${rowsChanged} rows of ${count} to ${target.table.name}`);
  };
  return {
    write: writeCells,
    read: readCells,
    load: async (table, parts) => {
      const types = await typesOf(connection, table);
      if (parts.some(({ columns }) => needsConversion(columns, types)))
        await append(table, columnsOf(parts), readEach(parts));
      else for (const alike of groupByColumns(parts)) await insert({ table, types }, alike);
    },
  };
}

function* readEach(parts: readonly TextPart[]): Generator<RowBatch> {
  for (const part of parts) yield readCells(part);
}

/** Groups parts that follow each other and have the same columns. */
function groupByColumns(parts: readonly TextPart[]): readonly (readonly TextPart[])[] {
  const groups: TextPart[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    const columns = last?.[0]?.columns ?? [];
    const isAlike =
      columns.length === part.columns.length &&
      columns.every((column, index) => column === part.columns[index]);
    if (last && isAlike) last.push(part);
    else groups.push([part]);
  }
  return groups;
}

/** Registers the table function that returns the rows of the current scan. Returns its name. */
function registerScan(driver: Driver, connection: DuckDb.DuckDBConnection, current: () => Scan): string {
  const name = `_cg_waiting_rows_${++functions}`;
  const scan = driver.DuckDBTableFunction.create({
    name,
    bindFunction: (bind) => {
      for (const [index, type] of current().types.entries()) bind.addResultColumn(`c${index}`, type);
    },
    initFunction: () => undefined,
    mainFunction: (info, chunk) => {
      try {
        current().fill(chunk);
      } catch (error) {
        info.setError(String(error));
      }
    },
  });
  connection.registerTableFunction(scan);
  return name;
}

interface Target {
  readonly table: TableName;
  /** The types of its columns, by name. */
  readonly types: ReadonlyMap<string, string>;
}

/** Returns the type in which a column is read. Other types are read as texts, which DuckDB converts. */
function scanTypeOf(driver: Driver, { name, type }: Column, { types }: Target): DuckDb.DuckDBType {
  switch (type) {
    case "bigint":
      return driver.BIGINT;
    case "double":
      return driver.DOUBLE;
    case "bool":
      return driver.BOOLEAN;
    case "timestamp":
      return types.get(name) === "TIMESTAMP" ? driver.TIMESTAMP : driver.TIMESTAMPTZ;
    case "binary":
      return driver.BLOB;
    default:
      return driver.VARCHAR;
  }
}

function insertSql({ table, types }: Target, columns: readonly Column[], functionName: string): string {
  const cells = columns.map(({ name }, index) => `cast(c${index} as ${types.get(name) ?? ""})`);
  const names = columnList(columns.map(({ name }) => name));
  return `insert into ${tableRef(table)} (${names}) select ${cells.join(", ")} from ${functionName}()`;
}

/** DuckDB's memory of a column of a chunk. */
type Vector = unknown;

/**
 * The functions of DuckDB's C interface that copy whole columns. The classes of the driver write cells one by one, which takes ten
 * times as long.
 */
interface Bindings {
  readonly data_chunk_get_vector: (chunk: unknown, column: number) => Vector;
  /** Returns a copy. */
  readonly vector_get_data: (vector: Vector, size: number) => Uint8Array;
  readonly vector_assign_string_element_len: (vector: Vector, row: number, bytes: Uint8Array) => void;
  readonly vector_ensure_validity_writable: (vector: Vector) => void;
  readonly copy_data_to_vector: CopyToVector;
  readonly copy_data_to_vector_validity: CopyToVector;
}

type CopyToVector = (
  vector: Vector,
  at: number,
  ...[source, offset, size]: readonly [source: ArrayBufferLike, offset: number, size: number]
) => void;

/** All of them, for the check at run time. */
const bindingNames: Readonly<Record<keyof Bindings, true>> = {
  data_chunk_get_vector: true,
  vector_get_data: true,
  vector_assign_string_element_len: true,
  vector_ensure_validity_writable: true,
  copy_data_to_vector: true,
  copy_data_to_vector_validity: true,
};

/**
 * Loads the package that the driver itself uses. Its functions are not part of the driver's documented interface. Returns
 * `undefined` if one is missing, or the package cannot be found, as in an app that is bundled into one file.
 */
function loadBindings(): Bindings | undefined {
  try {
    const driver = createRequire(import.meta.url).resolve("@duckdb/node-api");
    const found = createRequire(driver)("@duckdb/node-bindings") as Readonly<Record<string, unknown>>;
    const hasAll = Object.keys(bindingNames).every((name) => typeof found[name] === "function");
    return hasAll ? (found as unknown as Bindings) : undefined;
  } catch {
    return undefined;
  }
}

/** Rows of a part: from which one, how many, and their place in a chunk. */
interface Slice {
  readonly cells: readonly PackedCells[];
  readonly from: number;
  readonly count: number;
  readonly place: number;
}

/** Returns the function that fills one chunk after the other with the rows of parts. */
function createFill(bindings: Bindings, parts: readonly TextPart[]): Scan["fill"] {
  const chunks = sliceParts(parts);
  const references = new Uint32Array(chunkSize * wordsPerReference);
  const writers = (parts[0]?.columns ?? []).map(({ type }, column): ColumnWriter => {
    const width = cellWidths[type];
    return width === undefined
      ? createTextWriter(bindings, column, references)
      : createNumberWriter(bindings, column, width);
  });
  return (chunk) => {
    const next = chunks.next();
    const slices = next.done ? [] : next.value;
    chunk.rowCount = slices.reduce((sum, { count }) => sum + count, 0);
    if (slices.length === 0) return;
    for (const [column, write] of writers.entries()) {
      const vector = bindings.data_chunk_get_vector(chunk.chunk, column);
      write(vector, slices);
      markMissing(bindings, vector, { slices, column });
    }
  };
}

/** Divides the rows of parts into chunks. */
function* sliceParts(parts: readonly TextPart[]): Generator<readonly Slice[]> {
  let slices: Slice[] = [];
  let place = 0;
  for (const part of parts) {
    const cells = packedCellsOf(part);
    for (let from = 0; from < part.count;) {
      const count = Math.min(chunkSize - place, part.count - from);
      slices.push({ cells, from, count, place });
      from += count;
      place += count;
      if (place < chunkSize) continue;
      yield slices;
      slices = [];
      place = 0;
    }
  }
  if (slices.length > 0) yield slices;
}

/** Writes the cells of a column into a vector. */
type ColumnWriter = (vector: Vector, slices: readonly Slice[]) => void;

const none = new Uint8Array(0);

function createNumberWriter(bindings: Bindings, column: number, width: number): ColumnWriter {
  return (vector, slices) => {
    for (const { cells, from, count, place } of slices) {
      const { buffer, byteOffset } = cells[column]?.bytes ?? none;
      bindings.copy_data_to_vector(vector, place * width, buffer, byteOffset + from * width, count * width);
    }
  };
}

/**
 * The number of 32-bit words in DuckDB's reference to a text: its length, and then either the text itself, if it has at most 12
 * bytes, or its first four bytes and its address.
 */
const wordsPerReference = 4;
const referenceSize = wordsPerReference * 4;
const maxInline = 12;

/** Copies all texts of a slice at once, and then writes a reference to each of them. */
function createTextWriter(bindings: Bindings, column: number, references: Uint32Array): ColumnWriter {
  /** The place of the next text in its part. */
  let at = 0;
  return (vector, slices) => {
    for (const { cells, from, count, place } of slices) {
      const { bytes = none, lengths = none } = cells[column] ?? {};
      if (from === 0) at = 0;
      const areEqual = lengths.length === 0;
      const sizes = areEqual ? Uint32Array.of(bytes.length) : sizesOf(lengths, from, count);
      const size = sizes.reduce((sum, each) => sum + each, 0);
      const texts = bytes.subarray(at, at + size);
      // A reference beyond the texts would show other memory.
      if (texts.length !== size) throw new Error("the lengths of texts do not match the texts");
      const own = references.subarray(place * wordsPerReference, (place + count) * wordsPerReference);
      writeReferences(own, { texts, sizes, address: copyTexts(bindings, vector, { texts, place }) });
      if (areEqual) repeatReference(own);
      else at += texts.length;
    }
    const rows = slices.reduce((sum, { count }) => sum + count, 0);
    bindings.copy_data_to_vector(vector, 0, references.buffer, 0, rows * referenceSize);
  };
}

function sizesOf(lengths: Uint8Array, from: number, count: number): Uint32Array {
  const view = viewOf(lengths);
  const sizes = new Uint32Array(count);
  for (let row = 0; row < count; row++) sizes[row] = view.getUint32((from + row) * 4, true);
  return sizes;
}

/** An address as two words of 32 bits. */
interface Address {
  readonly low: number;
  readonly high: number;
}

/** Copies texts into the memory of a vector, as if they were the cell at `place`, and returns their address. */
function copyTexts(
  bindings: Bindings,
  vector: Vector,
  { texts, place }: { readonly texts: Uint8Array; readonly place: number },
): Address {
  // Then no text needs an address.
  if (texts.length <= maxInline) return { low: 0, high: 0 };
  bindings.vector_assign_string_element_len(vector, place, texts);
  const view = viewOf(bindings.vector_get_data(vector, (place + 1) * referenceSize));
  const at = place * referenceSize + 8;
  // A version of DuckDB with other references must not read what is written here.
  if (
    view.getUint32(at - 8, true) !== texts.length ||
    view.getUint32(at - 4, true) !== wordAt(texts, 0, 4) >>> 0
  )
    throw new Error("this version of DuckDB stores texts in another way");
  return { low: view.getUint32(at, true), high: view.getUint32(at + 4, true) };
}

function writeReferences(
  references: Uint32Array,
  {
    texts,
    sizes,
    address,
  }: { readonly texts: Uint8Array; readonly sizes: Uint32Array; readonly address: Address },
): void {
  let start = 0;
  for (const [row, size] of sizes.entries()) {
    const word = row * wordsPerReference;
    const end = start + size;
    references[word] = size;
    references[word + 1] = wordAt(texts, start, end);
    if (size > maxInline) {
      const low = address.low + start;
      references[word + 2] = low;
      references[word + 3] = low < 2 ** 32 ? address.high : address.high + 1;
    } else {
      references[word + 2] = wordAt(texts, start + 4, end);
      references[word + 3] = wordAt(texts, start + 8, end);
    }
    start = end;
  }
}

/** Returns up to four bytes as a word. */
function wordAt(bytes: Uint8Array, start: number, end: number): number {
  let word = 0;
  for (let index = 0; index < 4 && start + index < end; index++)
    word |= (bytes[start + index] ?? 0) << (8 * index);
  return word;
}

/** Copies the first reference to all others. */
function repeatReference(references: Uint32Array): void {
  for (let word = wordsPerReference; word < references.length; word++)
    references[word] = references[word - wordsPerReference] ?? 0;
}

/** Marks missing cells: DuckDB has a bit for each cell, 0 if it is missing. */
function markMissing(
  bindings: Bindings,
  vector: Vector,
  { slices, column }: { readonly slices: readonly Slice[]; readonly column: number },
): void {
  const marks = slices.map(({ cells }) => cells[column]?.missing ?? none);
  if (marks.every(({ length }) => length === 0)) return;
  const bits = new Uint8Array(chunkSize / 8).fill(0xff);
  for (const [index, { from, count, place }] of slices.entries()) {
    for (let row = 0; row < count; row++) {
      if (marks[index]?.[from + row] !== 1) continue;
      const bit = place + row;
      bits[bit >> 3] = (bits[bit >> 3] ?? 0) & ~(1 << (bit & 7));
    }
  }
  bindings.vector_ensure_validity_writable(vector);
  bindings.copy_data_to_vector_validity(vector, 0, bits.buffer, 0, bits.length);
}
