import { describe, expect, it } from "vitest";
import type { ColumnType } from "../../sync/src/destination.js";
import { noValue, toCell } from "../../sync/src/tables/types.js";
import { toMicros } from "../../sync/src/tables/timestamp.js";

const at = (time: string): bigint => toMicros(time) ?? 0n;
const none = noValue;

/** What `coerce_value` of dlt 1.26 returns; `none` if it raises an error, so the value is stored in an additional column. */
const table: Readonly<Partial<Record<ColumnType, readonly (readonly [value: unknown, want: unknown])[]>>> = {
  bigint: [
    ["5", 5n],
    ["1.5", none],
    ["0x1f", 31n],
    [" 7 ", 7n],
    ["1e3", none],
    ["", none],
    [1.5, none],
    // Rows become `bigint` when they are packed.
    [2, 2],
    [true, none],
    [{ a: 1 }, none],
  ],
  double: [
    ["5", 5],
    ["1.5", 1.5],
    ["0x1f", 31],
    [" 7 ", 7],
    ["1e3", 1000],
    ["", none],
    ["null", none],
    [true, none],
    [[1], none],
  ],
  decimal: [
    ["1.5", "1.5"],
    ["0x1f", "31"],
    [" 7 ", "7"],
    ["1e3", "1000"],
    ["", none],
    [2.5, "2.5"],
    [true, none],
  ],
  bool: [
    ["5", none],
    ["true", true],
    ["", none],
    [0, false],
    [-1, true],
    [1.5, true],
    [{ a: 1 }, none],
  ],
  timestamp: [
    ["5", at("1970-01-01T00:00:05Z")],
    ["1.5", at("1970-01-01T00:00:01.5Z")],
    [" 7 ", at("1970-01-01T00:00:07Z")],
    ["1e3", at("1970-01-01T00:16:40Z")],
    ["2024-01-02", at("2024-01-02T00:00:00Z")],
    ["2024-01-02T03:04:05Z", at("2024-01-02T03:04:05Z")],
    ["10:00:00", none],
    ["0x1f", none],
    ["", none],
    ["true", none],
    [0, 0n],
    [-1, at("1969-12-31T23:59:59Z")],
    [1.5, at("1970-01-01T00:00:01.5Z")],
    [1e20, none],
    [Infinity, none],
    [true, none],
    [10n ** 20n, none],
    [[1], none],
  ],
  date: [
    ["5", "1970-01-01"],
    ["2024-01-02", "2024-01-02"],
    ["2024-01-02T03:04:05Z", "2024-01-02"],
    ["10:00:00", none],
    [-1, "1969-12-31"],
    [1e20, none],
    [true, none],
  ],
  time: [
    ["10:00:00", "10:00:00"],
    ["5", none],
    ["2024-01-02", none],
    [5, none],
  ],
  json: [
    ["5", "5"],
    ["true", "true"],
    ['{"a":1}', '{"a":1}'],
    [' {"a": 12345678901234567890} ', '{"a": 12345678901234567890}'],
    ["null", null],
    ["abc", none],
    ["2024-01-02", none],
    ["", none],
    [5, none],
    [1.5, none],
    [true, none],
    [{ a: 1 }, '{"a":1}'],
    [[1], "[1]"],
  ],
  text: [
    ["5", "5"],
    [5, "5"],
    [1.5, "1.5"],
    [{ a: 1 }, '{"a":1}'],
    [[1], "[1]"],
    // dlt writes True.
    [true, "true"],
  ],
};

describe.each(Object.entries(table))("a column of the type %s", (type, rows) => {
  it.each(rows)("holds %o as dlt does", (value, want) => {
    expect(toCell(value, { type: type as ColumnType })).toEqual(want);
  });
});
