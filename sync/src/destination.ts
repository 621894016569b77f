import type { LoadColumn } from "@connector-gen/runtime";

/** The type of a column, as dlt names it. */
export type ColumnType = NonNullable<LoadColumn["type"]>;

/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** `false`: the column holds a value in every row. Default true. */
  readonly nullable?: boolean | undefined;
  /** For `decimal` (digits), `text` (length) and `timestamp` (digits of fractional seconds). */
  readonly precision?: number | undefined;
  /** For `decimal`: the number of digits after the decimal point. */
  readonly scale?: number | undefined;
  /** For `timestamp`: whether it has a time zone. Default true. */
  readonly timezone?: boolean | undefined;
}

/**
 * A value of a row: text, JSON and decimals are strings, `bigint` and `wei` are `bigint`, `double` is a number,
 * timestamps are microseconds since 1970 in UTC as `bigint`, dates are `2024-01-31`, times are `10:00:00`, and `null` is
 * a missing value.
 */
export type Cell = string | number | bigint | boolean | Uint8Array | null;

/** Rows to load, by column: `values[2][7]` is the value of the third column in the eighth row. */
export interface RowBatch {
  readonly columns: readonly Column[];
  /** A hole is a missing value. */
  readonly values: readonly (readonly (Cell | undefined)[])[];
  readonly count: number;
}

/** The rows of records. Their technical columns come first. */
export interface NormalizedRows extends RowBatch {
  /** The number of technical columns. Their texts are ASCII, without tabs, line ends and backslashes. */
  readonly technical: number;
  /**
   * Whether the last technical column holds hashes. Where it has no value yet, it receives the hash of the columns after it.
   */
  readonly hasHashes: boolean;
}

/** Rows as UTF-8 texts, or as other bytes, in a form that the destination defines. */
export interface TextPart {
  readonly columns: readonly Column[];
  readonly count: number;
  readonly texts: readonly Uint8Array[];
}

/** Converts rows to texts or other bytes, which wait outside the JavaScript heap and load faster than values. */
export interface TextLoader {
  /**
   * Writes rows as texts, or as UTF-8 that is valid until the next call. Integers in these rows may also be numbers. Returns
   * `undefined` for rows that it cannot write; these wait as values.
   */
  readonly write: (rows: RowBatch | NormalizedRows) => readonly (string | Uint8Array)[] | undefined;
  /** Returns the rows that `write` received, with integers as `bigint`. */
  readonly read: (part: TextPart) => RowBatch;
  /** Whether `write` adds the hashes that `NormalizedRows` lack. Default false: rows come with their hashes. */
  readonly addsHashes?: boolean;
  /** Adds parts to a table. The parts may have different columns. */
  readonly load: (table: TableName, parts: readonly TextPart[]) => Promise<void>;
}

/** The result of a statement. */
export interface Result {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows that the statement inserted, updated or deleted. */
  readonly changed: number;
}

/** The differences between the SQL of databases. */
export interface Dialect {
  /** Returns the SQL type of a column. */
  readonly typeOf: (column: Column) => string;
  /** Returns the type of an existing column, by the name that `Connection.columns` returns. */
  readonly typeNamed: (name: string) => ColumnType;
  /** Maximum length of a name, in bytes. */
  readonly maxNameLength: number;
  /** Whether an error means that the database refuses a row but would accept others: `23514`, `Constraint Error`. */
  readonly isRefusal?: ((error: unknown) => boolean) | undefined;
  /** The statement that checks the constraints that the commit would otherwise check: `set constraints all immediate`. */
  readonly checkConstraints?: string | undefined;
  /**
   * Whether a transaction can be rolled back to a `savepoint`, which makes the search for refused rows faster. Default
   * false.
   */
  readonly hasSavepoints?: boolean | undefined;
  /**
   * The system column with the place of a row, if `= any(array(select …))` finds rows by it without reading the others:
   * `ctid`. It makes merges that change few rows faster.
   */
  readonly rowPlace?: string | undefined;
}

/** An existing column. */
export interface ExistingColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** Whether `table` is a view, which receives no rows. Default false. */
  readonly isView?: boolean | undefined;
}

/** The comment of a table, or of a column. */
export interface ExistingComment {
  readonly table: string;
  /** `null`: the comment belongs to the table. */
  readonly column: string | null;
  readonly comment: string;
}

/** A constraint of a table. */
export interface TableConstraint {
  readonly table: string;
  /** A primary key is `unique`, and each of its columns is `not null`. `other`: only the search finds what it refuses. */
  readonly kind: "not null" | "check" | "unique" | "foreign key" | "other";
  /** In the words of the database: `CHECK((price > 0))`. */
  readonly text: string;
  readonly columns: readonly string[];
  /** For `check`: the condition, with the columns of the table. */
  readonly expression?: string | undefined;
  /** For `foreign key`: the table of the same schema and the columns that it refers to. */
  readonly target?: { readonly table: string; readonly columns: readonly string[] } | undefined;
}

/** A connection that runs one statement at a time. */
export interface Connection {
  /** Runs one statement with the values of `$1`, `$2`, …. */
  readonly run: (sql: string, values?: readonly (string | number | null)[]) => Promise<Result>;
  /** Adds rows to a table as fast as the database can. */
  readonly load: (table: TableName, batch: RowBatch) => Promise<void>;
  /** Adds rows that wait as texts. Absent: rows wait as values, and `load` adds them. */
  readonly texts?: TextLoader | undefined;
  /** The number of rows that the database writes at once. Batches end after a multiple of it, if that takes little more memory. */
  readonly rowGroupSize?: number | undefined;
  /**
   * Returns the columns of all tables and views of a schema. Names that are equal for the database must be equal texts: if it ignores
   * case, in lower case.
   */
  readonly columns: (schema: string | undefined) => Promise<readonly ExistingColumn[]>;
  /** Returns the comments of the tables and columns of a schema. Absent: tables get no comments. */
  readonly comments?: ((schema: string | undefined) => Promise<readonly ExistingComment[]>) | undefined;
  /**
   * Returns the constraints of all tables of a schema, and unique indexes as well. Absent: rows that a table refuses are found by
   * a search, which takes longer.
   */
  readonly constraints?: ((schema: string | undefined) => Promise<readonly TableConstraint[]>) | undefined;
  /**
   * Called before a merge with its tables, and with the columns that its statements compare. A planner that has no statistics yet may
   * take a table of many rows for a small one. Absent: the planner needs none.
   */
  readonly analyze?: ((tables: readonly ComparedTable[]) => Promise<void>) | undefined;
  readonly close: () => Promise<void>;
  /** Whether texts may have all characters of Unicode. Default true. */
  readonly hasUnicode?: (() => boolean) | undefined;
  /**
   * Called with the error of failed work. Resolves to whether the database lacked memory and now has more; the work then
   * runs again.
   */
  readonly growMemory?: ((error: unknown) => Promise<boolean>) | undefined;
  /** Continues after the connection was lost. Absent: a lost connection ends the run. */
  readonly recovery?: Recovery | undefined;
}

/** How a run continues after its connection was lost. Work that was not committed is lost, and runs again. */
export interface Recovery {
  /** Whether an error says that the connection is lost. */
  readonly isLost: (error: unknown) => boolean;
  /**
   * Connects and takes the lock again. Throws a `SyncError` if the database stays unreachable or another run has the
   * lock.
   */
  readonly reconnect: () => Promise<void>;
  /** Returns the identity of the current transaction. */
  readonly transactionId: () => Promise<string>;
  /** Whether a transaction of a lost connection was committed. The response to its `commit` may have been lost. */
  readonly isCommitted: (id: string) => Promise<boolean>;
}

/** The name of a table. */
export interface TableName {
  /** Absent: the schema of the connection. */
  readonly schema?: string | undefined;
  readonly name: string;
}

/** A table with the columns by which statements find its rows. */
export interface ComparedTable {
  readonly table: TableName;
  readonly columns: readonly string[];
}

/** Options of a connection. */
export interface ConnectOptions {
  /** Whether the connection only reads. A connection that only reads takes no lock. */
  readonly readOnly?: boolean | undefined;
  /** The schema of the tables. */
  readonly schema?: string | undefined;
  /** The holder of the lock, shown to others that wait for it: `connector-gen 4711 on host, since 2024-…`. */
  readonly holder: string;
  /** How long to try to reconnect after the connection was lost, in milliseconds. Default 30,000. */
  readonly reconnectTimeoutMs?: number | undefined;
}

/** A database that receives records. */
export interface Destination {
  /** The URL without its password, for messages: `postgres://user@host/db`. */
  readonly label: string;
  readonly dialect: Dialect;
  /** The schema of the tables if the options do not name one. */
  readonly defaultSchema?: string | undefined;
  /** Opens a connection, and takes the lock that keeps other runs out. Throws a `SyncError` if another run holds it. */
  readonly connect: (options: ConnectOptions) => Promise<Connection>;
  /**
   * Called with all tables at the end of each run, for example to write files. If the run is killed before that, its
   * continuation makes the call.
   */
  readonly publish?: ((connection: Connection, tables: readonly TableName[]) => Promise<void>) | undefined;
}
