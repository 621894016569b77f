/** The reason why a sync failed. */
export type SyncErrorCode =
  | "INVALID_OPTIONS"
  | "DRIVER_MISSING"
  | "UNREACHABLE"
  | "LOCKED"
  | "NO_KEY"
  | "NAME_COLLISION"
  | "CONTRACT"
  | "INVALID_ROW"
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
