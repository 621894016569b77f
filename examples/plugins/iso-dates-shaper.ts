import { fail, type Shaper } from "@connector-gen/runtime/plugin";

/** Replaces seconds since 1970 in the given fields by ISO dates such as `2024-01-01T00:00:00.000Z`. */
export function isoDates(fields: readonly string[]): Shaper {
  return {
    type: "iso_dates",
    options: fields,
    // Records belong to the page, so a shaper returns copies.
    shape: (records) =>
      records.map((record) => {
        const copy = { ...(record as Readonly<Record<string, unknown>>) };
        for (const field of fields) if (copy[field] != null) copy[field] = toIsoDate(copy[field], field);
        return copy;
      }),
  };
}

function toIsoDate(value: unknown, field: string): string {
  const date = new Date(typeof value === "number" ? value * 1000 : Number.NaN);
  if (Number.isNaN(date.getTime()))
    fail("INVALID_RECORD", `\`${field}\` must be a number of seconds, not ${JSON.stringify(value)}`);
  return date.toISOString();
}
