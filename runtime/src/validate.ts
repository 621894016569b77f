import { Fault } from "./errors.js";
import type { Run } from "./run.js";

/** Holds records against the client's schemas; the answer is a warning, if there is one. */
export function validateRecords(
  { client, resource, options }: Run,
  records: readonly unknown[],
): string | undefined {
  const { validate = "off" } = options;
  if (validate === "off") return undefined;
  const schema = client.options.schemas?.[resource.name];
  if (!schema) {
    const mend = "pass the generated `…Schemas` as `schemas` in the client's options";
    throw new Fault("ConnectorError", "INVALID_OPTIONS", `there is no schema to validate with: ${mend}`);
  }
  for (const [index, record] of records.entries()) {
    const { success, error } = schema.safeParse(record);
    if (success) continue;
    const message = `record ${index + 1} does not fit its schema (${explain(error)})`;
    if (validate === "warn") return message;
    throw new Fault("ValidationError", "INVALID_RECORD", message);
  }
  return undefined;
}

interface Issue {
  readonly path?: readonly unknown[];
  readonly message?: string;
}

/** The first issue of a zod-like error: path and expectation, without the record's values. */
function explain(error: unknown): string {
  const { issues = [] } = (error ?? {}) as { readonly issues?: readonly Issue[] };
  const [{ path = [], message = "invalid" } = {}] = issues;
  return `${path.join(".") || "record"}: ${message}`;
}
