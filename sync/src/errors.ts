/** The reason why a sync failed. */
export type SyncErrorCode =
  /** An option is invalid, or names an unknown resource. */
  | "INVALID_OPTIONS"
  /** The package of the database is not installed. */
  | "DRIVER_MISSING"
  /** The database does not respond, or a file cannot be written. */
  | "UNREACHABLE"
  /** Another run writes to the destination. */
  | "LOCKED"
  /** A resource with `merge` has no key. */
  | "NO_KEY"
  /** Two fields, resources, or a view of the user have the same name. */
  | "NAME_COLLISION"
  /** A record does not match a table, and the contract is `freeze`. */
  | "CONTRACT"
  /** A row cannot be stored. */
  | "INVALID_ROW"
  /** The database reports an error, which is the cause. */
  | "DATABASE";

/** An error of a sync. Errors of the API are `ConnectorError`s of the runtime. Messages contain no passwords. */
export class SyncError extends Error {
  override readonly name: string = "SyncError";
  readonly code: SyncErrorCode;

  constructor(code: SyncErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Returns the message of a caught error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether a value is an error of a sync. */
export function isSyncError(value: unknown): value is SyncError {
  return value instanceof Error && value.name === "SyncError" && "code" in value;
}
