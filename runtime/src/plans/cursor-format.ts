import { ReadFailure, IncrementalError } from "../errors.js";
import type { JsonValue } from "../json.js";
import { fromEpoch, parseInstant, writeInstant, type Instant } from "./instant.js";

/** The format of bounds in requests. */
export interface BoundFormat {
  /**
   * `iso` (with `Z`, or the zone's offset), `date`, `epoch` (seconds), `epoch_ms`, or a text with strftime's `%Y %m %d %H
   * %M %S %f %y %j %a %A %b %B %z %Z %s %%`. Without a format, bounds stay unchanged.
   */
  readonly format?: string | undefined;
  /** The time zone in which times are written: an IANA name. Default UTC. */
  readonly timeZone?: string | undefined;
}

/** Formats a bound for a request. */
export function formatBound(value: JsonValue, { format, timeZone }: BoundFormat): JsonValue {
  if (value === null || format === undefined) return value;
  const instant = toInstant(value, format);
  const { seconds, fraction } = instant;
  if (format === "epoch") return seconds;
  if (format === "epoch_ms") return seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
  return writeInstant(instant, format, timeZone);
}

/** Dates and times without an offset are UTC. */
function toInstant(value: JsonValue, format: string): Instant {
  const instant = (typeof value === "string" ? parseInstant(value, format) : undefined) ?? fromEpoch(value);
  if (instant) return instant;
  throw new ReadFailure(
    IncrementalError,
    "CURSOR_INVALID",
    `${JSON.stringify(value)} cannot be formatted: it is not a date or time`,
  );
}
