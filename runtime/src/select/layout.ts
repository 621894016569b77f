import { DecodeError, ReadFailure } from "../errors.js";
import { printSelector, select, selectRecords, type Query, type Selector } from "./path.js";

/** Creates a selector that converts the matches of another selector to records. */
export function createLayout(
  selector: Selector,
  toRecords: (value: unknown, body: unknown) => readonly unknown[],
): Query {
  return {
    isSingular: false,
    includes: () => true,
    join: (separator) => selector.join(separator),
    run: (body) => {
      const found = select(selector, body);
      if (!found) return undefined;
      const values = selector.includes("[*]") ? found : found.slice(0, 1);
      return values.flatMap((value) => (value === null ? [] : toRecords(value, body)));
    },
  };
}

/** Creates a selector that converts rows to records. Rows are the items of one list, or several matches. */
export function createRowLayout(
  selector: Selector,
  toRecords: (rows: readonly unknown[], body: unknown) => readonly unknown[],
): Query {
  return {
    ...createLayout(selector, () => []),
    run: (body) => {
      const rows = selectRecords(selector, body);
      return rows && toRecords(rows, body);
    },
  };
}

/** Returns the failure for a body with another layout. The message names the location and the fix, and quotes no value. */
export function wrongLayout(selector: Selector, message: string): ReadFailure {
  const text = `\`${printSelector(selector)}\` ${message}`;
  return new ReadFailure(DecodeError, "INVALID_BODY", text);
}

/** Names the type of a value: `a list`. */
export function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : typeof value === "string" ? "text" : `a ${typeof value}`;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
