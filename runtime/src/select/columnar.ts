import { foreign } from "../errors.js";
import { defineKind, type Kind } from "../kind.js";
import { createLayout, createRowLayout, isObject, kindOfValue, wrongLayout } from "./layout.js";
import { printSelector, select, type Query, type Selector } from "./path.js";

/** Options of `rows`. */
export interface RowsOptions {
  /** Selector of the names of the columns: a list of texts, or several matches. */
  readonly columns: Selector;
  /** Selector of the value within a cell. Default: the cell. */
  readonly cell?: Selector | undefined;
  /** Whether rows may have fewer values than columns; the missing fields are left out. Default false. */
  readonly allowShort?: boolean | undefined;
}

/** Selects records from lists of values in the order of named columns: `{ "columns": ["id"], "rows": [[1]] }`. */
export function rows(selector: Selector, { columns, cell, allowShort = false }: RowsOptions): Query {
  return createRowLayout(selector, (found, body) => {
    const names = namesOf(columns, body);
    return found.map((row, index) => {
      const where = `has a row (${index + 1}) `;
      if (!Array.isArray(row))
        throw wrongLayout(selector, `${where}that is ${kindOfValue(row)}: a row must be a list of values`);
      if (row.length > names.length || (row.length < names.length && !allowShort))
        throw wrongLayout(
          selector,
          `${where}of ${row.length} values, but \`${printSelector(columns)}\` names ${names.length} columns` +
            (row.length < names.length ? "; set `allow_short` if rows may end early" : ""),
        );
      const values = (row as readonly unknown[]).map((value) => (cell ? select(cell, value)?.[0] : value));
      const entries = values.map((value, at): readonly [string, unknown] => [names[at] ?? "", value ?? null]);
      return Object.fromEntries(entries);
    });
  });
}

function namesOf(columns: Selector, body: unknown): readonly string[] {
  const found = select(columns, body);
  if (!found) throw wrongLayout(columns, "is missing: `columns_path` must lead to the names of the columns");
  const names =
    !columns.includes("[*]") && Array.isArray(found[0]) ? (found[0] as readonly unknown[]) : found;
  const wrong = names.findIndex((name, at) => typeof name !== "string" || names.indexOf(name) < at);
  if (wrong < 0) return names as readonly string[];
  const what = typeof names[wrong] === "string" ? "the name of an earlier one" : kindOfValue(names[wrong]);
  throw wrongLayout(columns, `must hold different names of columns, but column ${wrong + 1} is ${what}`);
}

/** Selects records from one list per field: `{ "id": [1, 2], "name": ["a", "b"] }`. */
export function columns(selector: Selector): Query {
  return createLayout(selector, (value) => {
    if (Array.isArray(value) && value.length === 0) return [];
    if (!isObject(value))
      throw wrongLayout(
        selector,
        `is ${kindOfValue(value)}, but \`columns\` needs an object with a list per field`,
      );
    const lists = Object.entries(value);
    const [first] = lists;
    for (const [name, list] of lists) {
      if (!Array.isArray(list))
        throw wrongLayout(
          selector,
          `has a field \`${foreign(name)}\` that is ${kindOfValue(list)}, not a list`,
        );
      const length = (first?.[1] as readonly unknown[]).length;
      if (list.length !== length)
        throw wrongLayout(
          selector,
          `has lists of different lengths: ${length} values of \`${foreign(first?.[0])}\`, ${list.length} of \`${foreign(name)}\``,
        );
    }
    const count = (first?.[1] as readonly unknown[] | undefined)?.length ?? 0;
    return Array.from({ length: count }, (_, at) =>
      Object.fromEntries(lists.map(([name, list]) => [name, (list as readonly unknown[])[at]])),
    );
  });
}

/** The spec's `{"type": "rows"}`. */
export const rowsKind: Kind = /* @__PURE__ */ defineKind<RowsOptions>(() => ({
  family: "layout",
  type: "rows",
  factory: "rows",
  summary:
    'Lists of values in the order of named columns: `{"columns": ["id", "name"], "rows": [[1, "a"]]}`. `data_selector` leads to the rows.',
  options: {
    columns: {
      type: "selector",
      key: "columns_path",
      required: true,
      description: "Selector of the names of the columns: a list of texts, or several matches.",
    },
    cell: {
      type: "selector",
      key: "cell_path",
      description: "Selector of the value within a cell that is an object. Default: the cell.",
    },
    allowShort: {
      type: "flag",
      default: false,
      description: "Whether rows may end early; the missing fields are left out.",
    },
  },
  phrase: ({ columns: names }) => `rows with the columns in \`${String(names).replace(/^\$\.?/, "")}\``,
  examples: [
    { type: "rows", columns_path: "columns" },
    { type: "rows", columns_path: "fields[*].name", cell_path: "v", allow_short: true },
  ],
}));

/** The spec's `"columns"`. */
export const columnsKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "layout",
  type: "columns",
  factory: "columns",
  summary: 'One list per field: `{"id": [1, 2], "name": ["a", "b"]}`. `data_selector` leads to the object.',
  options: {},
  phrase: () => "one list per field",
  examples: ["columns"],
}));
