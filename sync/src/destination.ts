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
 * A value of a row: text, JSON and decimals are strings, `bigint` and `wei` are `bigint`, `double` is a number, timestamps
 * are microseconds since 1970 in UTC as `bigint`, dates are `2024-01-31`, times are `10:00:00`, `null` is a missing value.
 */
export type Cell = string | number | bigint | boolean | Uint8Array | null;

/** Rows to load, by column: `values[2][7]` is the value of the third column in the eighth row. */
export interface RowBatch {
  readonly columns: readonly Column[];
  /** A hole is a missing value. */
  readonly values: readonly (readonly (Cell | undefined)[])[];
  readonly count: number;
}

/** Rows as UTF-8 texts, in a form of the destination's own. */
export interface TextPart {
  readonly columns: readonly Column[];
  readonly count: number;
  readonly texts: readonly Uint8Array[];
}

/** Turns rows into texts, which wait outside the JavaScript heap, and loads them faster than values. */
export interface TextLoader {
  /** Writes rows as texts. Returns `undefined` for rows that it cannot write: they wait as values. */
  readonly write: (rows: RowBatch) => readonly string[] | undefined;
  /** Returns the rows that `write` got. */
  readonly read: (part: TextPart) => RowBatch;
  /** Adds parts to a table. Each part may have other columns. */
  readonly load: (table: TableName, parts: readonly TextPart[]) => Promise<void>;
}

/** The result of a statement. */
export interface Result {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows that the statement inserted, updated or deleted. */
  readonly changed: number;
}

/** What differs between the SQL of databases. */
export interface Dialect {
  /** Returns the SQL type of a column. */
  readonly typeOf: (column: Column) => string;
  /** Returns the type of an existing column, by the name that `Connection.columns` returns. */
  readonly typeNamed: (name: string) => ColumnType;
  /** The greatest length of a name, in bytes. */
  readonly maxNameLength: number;
  /** Whether an error says that the database refuses a row, and would take others: `23514`, `Constraint Error`. */
  readonly isRefusal?: ((error: unknown) => boolean) | undefined;
  /** The statement that checks the constraints that would be checked by the commit: `set constraints all immediate`. */
  readonly checkConstraints?: string | undefined;
  /** Whether a transaction can be taken back to a `savepoint`. Default false. It makes the search for refused rows faster. */
  readonly hasSavepoints?: boolean | undefined;
}

/** An existing column. */
export interface ExistingColumn {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** The comment of a table, or of a column. */
export interface ExistingComment {
  readonly table: string;
  /** `null`: the comment is the table's. */
  readonly column: string | null;
  readonly comment: string;
}

/** A connection that runs one statement at a time. */
export interface Connection {
  /** Runs one statement with the values of `$1`, `$2`, …. */
  readonly run: (sql: string, values?: readonly (string | number | null)[]) => Promise<Result>;
  /** Adds rows to a table as fast as the database can. */
  readonly load: (table: TableName, batch: RowBatch) => Promise<void>;
  /** Adds rows that wait as texts. Absent: rows wait as values, and `load` adds them. */
  readonly texts?: TextLoader | undefined;
  /** Returns the columns of all tables of a schema. */
  readonly columns: (schema: string | undefined) => Promise<readonly ExistingColumn[]>;
  /** Returns the comments of the tables and columns of a schema. Absent: tables get no comments. */
  readonly comments?: ((schema: string | undefined) => Promise<readonly ExistingComment[]>) | undefined;
  readonly close: () => Promise<void>;
  /** Called with the error of work that failed. Returns whether the database lacked memory and has more now: the work runs again. */
  readonly growMemory?: ((error: unknown) => Promise<boolean>) | undefined;
  /** Goes on after the connection was lost. Absent: a lost connection ends the run. */
  readonly recovery?: Recovery | undefined;
}

/** How a run goes on after its connection was lost. What was not committed is gone, and is done again. */
export interface Recovery {
  /** Whether an error says that the connection is lost. */
  readonly isLost: (error: unknown) => boolean;
  /** Connects again, and takes the lock again. Throws a `SyncError` if the database stays away, or another run has the lock. */
  readonly reconnect: () => Promise<void>;
  /** Returns the identity of the transaction that runs. */
  readonly transactionId: () => Promise<string>;
  /** Whether a transaction of a lost connection was committed: the answer to its `commit` may be lost. */
  readonly isCommitted: (id: string) => Promise<boolean>;
}

/** The name of a table. */
export interface TableName {
  /** Absent: the connection's own. */
  readonly schema?: string | undefined;
  readonly name: string;
}

/** How a connection is opened. */
export interface ConnectOptions {
  /** Whether the connection only reads. It takes no lock then. */
  readonly readOnly?: boolean | undefined;
  /** The schema of the tables. */
  readonly schema?: string | undefined;
  /** Who holds the lock, for others that wait for it: `connector-gen 4711 on host, since 2024-…`. */
  readonly holder: string;
  /** Milliseconds to try again to connect after the connection was lost. Default 30,000. */
  readonly reconnectTimeoutMs?: number | undefined;
}

/** A database that receives records. */
export interface Destination {
  /** The URL without its password, for messages: `postgres://user@host/db`. */
  readonly label: string;
  readonly dialect: Dialect;
  /** The schema of the tables unless the options name one. */
  readonly defaultSchema?: string | undefined;
  /** Opens a connection, and takes the lock that keeps other runs out. Throws a `SyncError` if another run holds it. */
  readonly connect: (options: ConnectOptions) => Promise<Connection>;
  /** Called with all tables at the end of each run, for example to write files. A run that is killed before goes on with it. */
  readonly publish?: ((connection: Connection, tables: readonly TableName[]) => Promise<void>) | undefined;
}
