import { describe, expect, it } from "vitest";
import { errorOf } from "../runtime/fixtures.js";
import { api, clientOf, readInPieces, typeCheckAll } from "./spec-client.js";

async function read(endpoint: object, body: unknown): Promise<unknown[]> {
  const server = await api(() => ({ body }));
  const client = await clientOf(
    {
      resources: [
        { name: "rates", schema: true, endpoint: { path: "/rates", paginator: "single_page", ...endpoint } },
      ],
    },
    { baseUrl: server.url },
  );
  return await client("rates")().toArray();
}

const keyed = { type: "keyed", key_field: "code" };
const rows = { type: "rows", columns_path: "columns" };
const people = [
  { id: 1, name: "Ann" },
  { id: 2, name: null },
];

describe("a layout of records", () => {
  it.each([
    {
      name: "an object by key",
      endpoint: { data_selector: "rates", data_layout: keyed },
      body: { rates: { EUR: { rate: 1 }, __proto__x: { rate: 2, code: "__proto__x" } } },
      want: [
        { code: "EUR", rate: 1 },
        { code: "__proto__x", rate: 2 },
      ],
    },
    {
      name: "scalars by key",
      endpoint: { data_selector: "rates", data_layout: { ...keyed, value_field: "rate" } },
      body: { rates: { EUR: 1, USD: null, GBP: [1, 2] } },
      want: [
        { code: "EUR", rate: 1 },
        { code: "USD", rate: null },
        { code: "GBP", rate: [1, 2] },
      ],
    },
    {
      name: "the whole body",
      endpoint: { data_selector: "$", data_layout: keyed },
      body: { a: {} },
      want: [{ code: "a" }],
    },
    {
      name: "null",
      endpoint: { data_selector: "rates", data_layout: keyed },
      body: { rates: null },
      want: [],
    },
    {
      name: "PHP's empty object",
      endpoint: { data_selector: "rates", data_layout: keyed },
      body: { rates: [] },
      want: [],
    },
    {
      name: "several objects",
      endpoint: { data_selector: "days[*].rates", data_layout: keyed },
      body: { days: [{ rates: { a: 1 } }, { rates: { b: 2 } }] },
      want: [
        { code: "a", value: 1 },
        { code: "b", value: 2 },
      ],
    },
    {
      name: "rows",
      endpoint: { data_selector: "rows", data_layout: rows },
      body: {
        columns: ["id", "name"],
        rows: [
          [1, "Ann"],
          [2, null],
        ],
      },
      want: people,
    },
    {
      name: "columns as objects",
      endpoint: {
        data_selector: "data.rows",
        data_layout: { type: "rows", columns_path: "data.fields[*].name" },
      },
      body: {
        data: {
          fields: [{ name: "id" }, { name: "name" }],
          rows: [
            [1, "Ann"],
            [2, null],
          ],
        },
      },
      want: people,
    },
    {
      name: "the first row as header, and rows that end early",
      endpoint: {
        data_selector: "values[1:]",
        data_layout: { type: "rows", columns_path: "values[0]", allow_short: true },
      },
      body: { values: [["id", "name"], [1, "Ann"], [2]] },
      want: [{ id: 1, name: "Ann" }, { id: 2 }],
    },
    {
      name: "cells that are objects",
      endpoint: {
        data_selector: "rows[*].f",
        data_layout: { type: "rows", columns_path: "schema[*].name", cell_path: "v" },
      },
      body: {
        schema: [{ name: "id" }, { name: "name" }],
        rows: [{ f: [{ v: 1 }, { v: "Ann" }] }, { f: [{ v: 2 }, {}] }],
      },
      want: people,
    },
    {
      name: "one list per field",
      endpoint: { data_selector: "hourly", data_layout: "columns" },
      body: { hourly: { id: [1, 2], name: ["Ann", null] } },
      want: people,
    },
    {
      name: "no rows",
      endpoint: { data_selector: "rows", data_layout: rows },
      body: { columns: [], rows: [] },
      want: [],
    },
  ])("$name", async ({ endpoint, body, want }) => {
    expect(await read(endpoint, body)).toEqual(want);
  });

  it.each([
    {
      endpoint: { data_selector: "a", data_layout: keyed },
      body: { a: [1] },
      text: "`a` is a list, but `keyed` needs an object",
    },
    { endpoint: { data_selector: "a", data_layout: keyed }, body: { a: "x" }, text: "`a` is text" },
    {
      endpoint: { data_selector: "a", data_layout: keyed },
      body: { a: { x: { code: "y" } } },
      text: "has records with a field `code` that is not their key",
    },
    {
      endpoint: { data_selector: "rows", data_layout: rows },
      body: { rows: [[1]] },
      text: "`columns` is missing",
    },
    {
      endpoint: { data_selector: "rows", data_layout: rows },
      body: { columns: [1], rows: [] },
      text: "column 1 is a number",
    },
    {
      endpoint: { data_selector: "rows", data_layout: rows },
      body: { columns: ["a", "a"], rows: [] },
      text: "column 2 is the name of an earlier one",
    },
    {
      endpoint: { data_selector: "rows", data_layout: rows },
      body: { columns: ["a"], rows: [[1], { a: 1 }] },
      text: "has a row (2) that is an object: a row must be a list of values",
    },
    {
      endpoint: { data_selector: "rows", data_layout: rows },
      body: { columns: ["a"], rows: [[1, 2]] },
      text: "has a row (1) of 2 values, but `columns` names 1 columns",
    },
    {
      endpoint: { data_selector: "rows", data_layout: rows },
      body: { columns: ["a", "b"], rows: [[1]] },
      text: "set `allow_short` if rows may end early",
    },
    {
      endpoint: { data_selector: "h", data_layout: "columns" },
      body: { h: [1] },
      text: "`h` is a list, but `columns` needs",
    },
    {
      endpoint: { data_selector: "h", data_layout: "columns" },
      body: { h: { a: [1], b: [1, 2] } },
      text: "has lists of different lengths: 1 values of `a`, 2 of `b`",
    },
    {
      endpoint: { data_selector: "h", data_layout: "columns" },
      body: { h: { a: [1], b: 2 } },
      text: "has a field `b` that is a number",
    },
  ])("another layout is an error: $text", async ({ endpoint, body, text }) => {
    const error = await errorOf(read(endpoint, body));
    expect(error.code).toBe("INVALID_BODY");
    expect(error.message).toContain(text);
  });

  it("nothing at the selector is an error as with lists", async () => {
    expect(
      (await errorOf(read({ data_selector: "x", data_layout: keyed, retry: { max_retries: 0 } }, { a: 1 })))
        .code,
    ).toBe("SELECTOR_NO_MATCH");
  });

  it("is paged and resumed, with keys as primary keys and cursors", async () => {
    const server = await api(({ query }) => {
      const number = Number(query.get("page"));
      return { body: number > 3 ? { data: {} } : { data: { [`k${number}`]: { n: number } } } };
    });
    const client = await clientOf(
      {
        resources: [
          {
            name: "rates",
            primary_key: "code",
            schema: { type: "object", properties: { n: { type: "integer" } } },
            endpoint: {
              path: "/rates",
              data_selector: "data",
              data_layout: keyed,
              paginator: { type: "page_number", base_page: 1 },
            },
          },
        ],
      },
      { baseUrl: server.url },
    );
    const pages = await readInPieces(client("rates"));
    expect(pages.flatMap(({ records }) => records)).toEqual([1, 2, 3].map((n) => ({ code: `k${n}`, n })));
  });
});

it("all modules compile", () => typeCheckAll(), 60_000);
