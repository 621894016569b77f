export { sync } from "./sync.js";
export { toDestination } from "./destinations/open.js";
export { outlineSync } from "./outline.js";
export type { ResourceOutline, TableOutline } from "./outline.js";
export type { ContractMode, SchemaContract, SyncOptions } from "./options.js";
export type { Disposition, ResourceReport, RowCounts, SyncEvent, SyncReport } from "./report.js";
export { readState, resetState } from "./state.js";
export type { StateOptions } from "./state.js";
export type { RejectedRow, ResourceState, RunState, SyncState } from "./state-report.js";
export { toIso } from "./tables/timestamp.js";
export { SyncError, isSyncError } from "./errors.js";
export type { SyncErrorCode } from "./errors.js";
export type {
  Cell,
  Column,
  ColumnType,
  Connection,
  ConnectOptions,
  Destination,
  Dialect,
  ExistingColumn,
  ExistingComment,
  NormalizedRows,
  Recovery,
  Result,
  RowBatch,
  TableConstraint,
  TableName,
  TextLoader,
  TextPart,
} from "./destination.js";
