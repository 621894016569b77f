import { ConnectorError, Fault, ValidationError } from "../errors.js";

/** Holds records against the schemas of a source: what `defineSchemas` makes and the option `schemas` takes. */
export interface Schemas {
  /** The first problem of some records in words, without their values; in mode `error` it is thrown. */
  readonly check: (
    resource: string,
    records: readonly unknown[],
    mode: "warn" | "error",
  ) => string | undefined;
}

/** A validator of one record, as zod's schemas are. */
export interface SchemaLike {
  safeParse(value: unknown): { readonly success: boolean; readonly error?: unknown };
}

interface Issue {
  readonly path?: readonly unknown[];
  readonly message?: string;
}

/** The schemas of a source by resource. A function of its own: an app that never validates does not carry it. */
export function defineSchemas(schemas: Readonly<Record<string, SchemaLike>>): Schemas {
  return {
    check: (resource, records, mode) => {
      const schema = schemas[resource];
      if (!schema) throw new Fault(ConnectorError, "INVALID_OPTIONS", "`schemas` has none for this resource");
      for (const [index, record] of records.entries()) {
        const { success, error } = schema.safeParse(record);
        if (success) continue;
        const problem = `record ${index + 1} does not fit its schema (${explain(error)})`;
        if (mode === "error") throw new Fault(ValidationError, "INVALID_RECORD", problem);
        return problem;
      }
      return undefined;
    },
  };
}

/** The first issue of a zod-like error: path and expectation. */
function explain(error: unknown): string {
  const { issues = [] } = (error ?? {}) as { readonly issues?: readonly Issue[] };
  const [{ path = [], message = "invalid" } = {}] = issues;
  return `${path.join(".") || "record"}: ${message}`;
}
