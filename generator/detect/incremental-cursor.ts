import { found, undecided, type Finding } from "./finding.js";
import { changedNames, createdNames, happenedNames } from "./known-shapes.js";
import { toSelector } from "./selectors.js";
import { count, isRecord, walk } from "./words.js";

/** What speaks against reading only what is new, besides the records. */
export interface CursorHints {
  /** Resources that are read once for each of its records. */
  readonly children: readonly string[];
}

/** A field with times. */
interface TimeField {
  readonly selector: string;
  readonly path: readonly string[];
  readonly words: string;
  /** What kind of times: `ISO 8601`, `epoch seconds`. */
  readonly format: string;
}

/**
 * Finds the field that says when a record changed, of which later runs ask only for what is new. Nothing at all where no
 * field says such a thing: most resources have none.
 */
export function findCursor(records: readonly unknown[], hints: CursorHints): Finding | undefined {
  const rows = records.filter(isRecord);
  if (rows.length === 0 || rows.length < records.length) return undefined;
  const fields = timeFields(rows);
  const changed = pick(fields, changedNames);
  const happened = pick(fields, happenedNames);
  const created = pick(fields, createdNames);
  const best = changed ?? happened ?? created;
  if (!best) return undefined;
  const value = { cursor_path: best.selector };
  const reasons = [
    `${best.format} in ${rows.length === 1 ? "the record" : `all ${count(rows.length, "record")}`}`,
  ];
  const mixed = mixedZones(rows, best.path);
  const objection = mixed
    ? "its times have different zones: as texts they do not compare"
    : hints.children.length > 0
      ? `${hints.children.join(", ")} would be read for changed records only`
      : best === created
        ? "it tells of new records, not of changed ones, which would be passed over"
        : undefined;
  if (objection !== undefined)
    return undecided("incremental", [...reasons, objection], [{ value, reason: "if that is meant" }]);
  const why = best === changed ? "says when a record changed" : "says when it happened";
  return found("incremental", value, {
    confidence: best === changed ? "sure" : "likely",
    reasons: [why, ...reasons],
  });
}

function pick(fields: readonly TimeField[], names: readonly RegExp[]): TimeField | undefined {
  return names.flatMap((name) => fields.filter(({ words }) => name.test(words)))[0];
}

/** Fields of all records, also one object down (`attributes.updated_at`), whose values are times of one kind. */
function timeFields(rows: readonly Readonly<Record<string, unknown>>[]): readonly TimeField[] {
  const [first] = rows;
  return [...walk(first, 2)]
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

function valueAt(row: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    row,
  );
}

const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|[+-]\d\d:?\d\d)?$/;
/** Between 2001 and 2100. */
const seconds = { from: 1e9, to: 4.1e9 };

/** The kind of a time that compares as it is: later is greater. Dates in words or with the day first do not. */
function formatOf(value: unknown): string | undefined {
  if (typeof value === "string") {
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return "dates";
    return isoTime.test(value) && !Number.isNaN(Date.parse(value.replace(" ", "T")))
      ? "times in ISO 8601"
      : undefined;
  }
  if (typeof value !== "number") return undefined;
  const isBetween = (factor: number): boolean =>
    value >= seconds.from * factor && value <= seconds.to * factor;
  return isBetween(1)
    ? "times as epoch seconds"
    : isBetween(1000)
      ? "times as epoch milliseconds"
      : undefined;
}

/** Texts compare letter by letter: times of several zones are out of order. */
function mixedZones(rows: readonly unknown[], path: readonly string[]): boolean {
  const zones = rows.map((row) => {
    const value = valueAt(row, path);
    return typeof value === "string" ? (/(Z|[+-]\d\d:?\d\d)$/.exec(value)?.[1] ?? "") : "";
  });
  return new Set(zones).size > 1;
}
