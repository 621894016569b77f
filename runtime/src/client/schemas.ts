import { ReadFailure, ValidationError, foreign } from "../errors.js";

/** Validators of records, by resource name. */
export type Schemas = Readonly<Record<string, StandardSchema>>;

/** A validator as the Standard Schema specification defines it (https://standardschema.dev, version 1). */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
  };
}

/** The result of a validation. Without issues, the value is valid. */
export interface SchemaResult {
  readonly issues?: readonly SchemaIssue[] | undefined;
}

/** One problem of a value. */
export interface SchemaIssue {
  readonly message: string;
  /** Property names and indexes that lead to the problem. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * Checks records against the schema of their resource. Returns the first problem, or throws it with `mode` `error`. The
 * message contains no values of the record.
 */
export async function checkRecords(
  records: readonly unknown[],
  schema: StandardSchema,
  mode: "off" | "warn" | "error" | undefined,
): Promise<string | undefined> {
  for (const [index, record] of records.entries()) {
    const { issues } = await schema["~standard"].validate(record);
    if (!issues) continue;
    const [{ path = [], message } = { message: "invalid" }] = issues;
    const where =
      path.map((step) => String(typeof step === "object" ? step.key : step)).join(".") || "record";
    const problem = `record ${index + 1} does not match its schema (${foreign(`${where}: ${message}`)})`;
    if (mode === "error") throw new ReadFailure(ValidationError, "INVALID_RECORD", problem);
    return problem;
  }
  return undefined;
}
