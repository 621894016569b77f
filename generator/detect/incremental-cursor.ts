import { walkBody } from "@connector-gen/runtime/kinds";
import { isObject, valueAt } from "../spec/values.js";
import { count, found, undecided, type Finding } from "./finding.js";
import { changedNames, createdNames, happenedNames } from "./known-shapes.js";
import { toSelector } from "./selectors.js";

/** Facts about a resource that prevent incremental reads. */
export interface CursorHints {
  /** Resources that are read once for each record of this one. */
  readonly children: readonly string[];
}

/** A field that holds times. */
interface TimeField {
  readonly selector: string;
  readonly path: readonly string[];
  readonly words: string;
  /** Format of the times in words, such as `epoch seconds`. */
  readonly format: string;
}

/**
 * Finds the field with the time of the last change, from which later runs continue: by its name, otherwise by its values.
 * Returns `undefined` if no field holds times.
 */
export function findCursor(records: readonly unknown[], hints: CursorHints): Finding | undefined {
  const rows = records.filter(isObject);
  if (rows.length === 0 || rows.length < records.length) return undefined;
  const fields = timeFields(rows);
  const changed = pick(fields, changedNames);
  const happened = pick(fields, happenedNames);
  const created = pick(fields, createdNames);
  const latest = changed || happened ? undefined : latestOf(fields, rows);
  const best = changed ?? happened ?? latest ?? created ?? fields[0];
  if (!best) return undefined;
  const value = { cursor_path: best.selector };
  const reasons = [
    `${best.format} in ${rows.length === 1 ? "the record" : `all ${count(rows.length, "record")}`}`,
  ];
  const objection = hasMixedZones(rows, best.path)
    ? "its times have different time zones, so they do not compare as text"
    : hints.children.length > 0
      ? `${hints.children.join(", ")} would be read for changed records only`
      : best === changed || best === happened || best === latest
        ? undefined
        : best === created
          ? "it marks new records only, so changed records would be missed"
          : "its name does not say whether it is the time of the last change";
  if (objection !== undefined)
    return undecided("incremental", [...reasons, objection], [{ value, reason: "if this is intended" }]);
  const why =
    best === changed
      ? "time of the last change"
      : best === happened
        ? "time of the event"
        : "never before the other times of its record";
  return found("incremental", value, {
    confidence: best === changed ? "sure" : "likely",
    reasons: [why, ...reasons],
  });
}

/**
 * Finds the field whose time is never before the other times of its record and not in the future: the time of the last
 * change.
 */
function latestOf(fields: readonly TimeField[], rows: readonly unknown[]): TimeField | undefined {
  const times = fields.filter(({ format }) => format !== "dates");
  const tomorrow = Date.now() + 86_400_000;
  return times.find(
    (field) =>
      times.length > 1 &&
      rows.every((row) => {
        const at = instantOf(valueAt(row, field.path));
        return at <= tomorrow && times.every(({ path }) => at >= instantOf(valueAt(row, path)));
      }) &&
      rows.some((row) => times.every((other) => other === field || isLater(row, field, other))),
  );
}

function isLater(row: unknown, a: TimeField, b: TimeField): boolean {
  return instantOf(valueAt(row, a.path)) > instantOf(valueAt(row, b.path));
}

/** Returns a time in milliseconds. Epochs of one record have the same unit. */
function instantOf(value: unknown): number {
  if (typeof value !== "number") return Date.parse(String(value).replace(" ", "T"));
  return value > seconds.to ? value : value * 1000;
}

function pick(fields: readonly TimeField[], names: readonly RegExp[]): TimeField | undefined {
  return names.flatMap((name) => fields.filter(({ words }) => name.test(words)))[0];
}

/** Finds fields that hold times of one format in all records, also in nested objects (`attributes.updated_at`). */
function timeFields(rows: readonly Readonly<Record<string, unknown>>[]): readonly TimeField[] {
  const [first] = rows;
  return [...walkBody(first, 2)]
    .sort((a, b) => a.path.length - b.path.length)
    .flatMap(({ path, words }) => {
      const selector = toSelector(path);
      const formats = new Set(rows.map((row) => formatOf(valueAt(row, path))));
      const [format] = formats;
      return selector === undefined || formats.size !== 1 || format === undefined
        ? []
        : [{ selector, path, words, format }];
    });
}

const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?$/;
/** Range of epoch seconds to accept: from 2001 to 2100. */
const seconds = { from: 1e9, to: 4.1e9 };

/** Returns the format of a time if later times compare as greater. Rejects dates in words and dates with the day first. */
function formatOf(value: unknown): string | undefined {
  if (typeof value === "string") {
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return "dates";
    return isoTime.test(value) && !Number.isNaN(Date.parse(value.replace(" ", "T")))
      ? "ISO 8601 times"
      : undefined;
  }
  if (typeof value !== "number") return undefined;
  const isBetween = (factor: number): boolean =>
    value >= seconds.from * factor && value <= seconds.to * factor;
  return isBetween(1) ? "epoch seconds" : isBetween(1000) ? "epoch milliseconds" : undefined;
}

/** Whether times have several time zones, so they do not compare as text. */
function hasMixedZones(rows: readonly unknown[], path: readonly string[]): boolean {
  const zones = rows.map((row) => {
    const value = valueAt(row, path);
    return typeof value === "string" ? (/(Z|[+-]\d\d:?\d\d)$/.exec(value)?.[1] ?? "") : "";
  });
  return new Set(zones).size > 1;
}
