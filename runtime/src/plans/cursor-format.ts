import { ReadFailure, IncrementalError } from "../errors.js";
import type { JsonValue } from "../json.js";
import { firstMilliseconds } from "./cursor-arithmetic.js";

/**
 * Formats a bound for a request: `iso` (UTC, with `Z`), `date`, `epoch` (seconds), `epoch_ms`, or a text with strftime's
 * `%Y %m %d %H %M %S %f %y %j %z %Z %s %%`, all in UTC. Without a format, returns the bound unchanged.
 */
export function formatBound(value: JsonValue, format: string | undefined): JsonValue {
  if (value === null || format === undefined) return value;
  const time = toTime(value);
  const iso = new Date(time).toISOString();
  switch (format) {
    case "iso":
      return iso.replace(".000Z", "Z");
    case "date":
      return iso.slice(0, 10);
    case "epoch":
      return Math.floor(time / 1000);
    case "epoch_ms":
      return time;
    default:
      return format.replace(
        /%(.)/g,
        (directive, letter: string) => writeDirective(letter, time, iso) ?? directive,
      );
  }
}

function writeDirective(letter: string, time: number, iso: string): string | undefined {
  const year = iso.slice(0, 4);
  const parts: Readonly<Record<string, string>> = {
    Y: year,
    y: year.slice(2),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    f: `${iso.slice(20, 23)}000`,
    j: String(Math.floor((time - Date.UTC(Number(year), 0, 1)) / 86_400_000) + 1).padStart(3, "0"),
    z: "+0000",
    Z: "UTC",
    s: String(Math.floor(time / 1000)),
    "%": "%",
  };
  return parts[letter];
}

/** Milliseconds since 1970; dates and times without an offset are UTC. */
function toTime(value: JsonValue): number {
  let time = NaN;
  if (typeof value === "number") time = Math.abs(value) >= firstMilliseconds ? value : value * 1000;
  else if (typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value)) {
    const text = value.replace(" ", "T").replace(/ (?=[Z+-])/, "");
    time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || text.length === 10 ? text : `${text}Z`);
  }
  if (Number.isFinite(time)) return time;
  throw new ReadFailure(
    IncrementalError,
    "CURSOR_INVALID",
    `${JSON.stringify(value)} cannot be formatted: it is not a date or time`,
  );
}
