import { customers, orders, posts } from "./items.js";
import { number, pageAt, token, type Item, type Items, type Shape } from "./shape.js";

const clicks: Items = {
  all: Array.from({ length: 45 }, (_, n) => ({
    id: n + 1,
    city: `City ${n}`,
    cost: n % 3 === 0 ? null : n + 0.5,
  })),
  schema: {
    type: "object",
    required: ["id", "city", "cost"],
    properties: {
      id: { type: "integer" },
      city: { type: "string" },
      cost: { type: ["number", "null"] },
    },
  },
};

const hours: Items = {
  all: Array.from({ length: 24 }, (_, n) => ({ time: `2024-01-01T${n}:00`, rain: n % 4 ? n + 0.5 : null })),
  schema: {
    type: "object",
    required: ["time", "rain"],
    properties: { time: { type: "string" }, rain: { type: ["number", "null"] } },
  },
};

const pages: Items = {
  all: Array.from({ length: 25 }, (_, n) => ({ pageid: 1000 + n, title: `Page ${n}` })),
  schema: {
    type: "object",
    required: ["pageid", "title"],
    properties: { pageid: { type: "integer" }, title: { type: "string" } },
  },
};

const columns = ["id", "city", "cost"];
const valuesOf = (all: readonly Item[]): unknown => all.map((each) => columns.map((name) => each[name]));
const first = (items: Items, count: number): Items => ({ ...items, all: items.all.slice(0, count) });

/** Shapes whose records are not simply the only list of objects. */
export const layoutShapes: readonly Shape[] = [
  {
    name: "World Bank: a list of facts about the page and the list of records",
    path: "/v2/country?format=json",
    items: orders(120),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      return { body: [{ page, pages: 3, per_page: "50", total: 120 }, pageAt(all, (page - 1) * 50, 50)] };
    },
    selector: "[1]",
    endpoint: { params: { format: "json" }, paginator: { type: "page_number", base_page: 1 } },
    key: "id",
  },
  {
    name: "NASA: lists of records by date",
    path: "/neo/rest/v1/feed",
    items: customers(12),
    reply: (_, all) => ({
      body: {
        element_count: all.length,
        near_earth_objects: { "2024-01-01": all.slice(0, 5), "2024-01-02": [], "2024-01-03": all.slice(5) },
      },
    }),
    selector: "near_earth_objects.*[*]",
    endpoint: { paginator: "single_page" },
    key: "id",
  },
  {
    name: "Metabase: rows, and objects with the names of their columns",
    path: "/api/card/1/query",
    items: first(clicks, 12),
    reply: (_, all) => ({
      body: {
        data: {
          rows: valuesOf(all),
          cols: columns.map((name) => ({ display_name: name.toUpperCase(), name, base_type: "type/X" })),
        },
        row_count: all.length,
      },
    }),
    selector: "data.rows",
    endpoint: {
      data_layout: { type: "rows", columns_path: "data.cols[*].name" },
      paginator: "single_page",
    },
    key: "id",
  },
  {
    name: "a report of columns and rows, paged by number",
    path: "/report",
    items: clicks,
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      return { body: { columns, rows: valuesOf(pageAt(all, (page - 1) * 20, 20)), page, total_pages: 3 } };
    },
    selector: "rows",
    endpoint: {
      data_layout: { type: "rows", columns_path: "columns" },
      paginator: { type: "page_number", base_page: 1, total_path: "total_pages" },
    },
    key: "id",
  },
  {
    name: "BigQuery: rows of cells with a value each, and a page token",
    path: "/bigquery/v2/projects/p/queries/j",
    items: clicks,
    reply: ({ query }, all) => {
      const at = token.at(query.get("pageToken"));
      const rows = pageAt(all, at, 20).map((each) => ({ f: columns.map((name) => ({ v: each[name] })) }));
      const next = at + 20 < all.length && { pageToken: token.of(at + 20) };
      return { body: { schema: { fields: columns.map((name) => ({ name, type: "X" })) }, rows, ...next } };
    },
    selector: "rows[*].f",
    endpoint: {
      data_layout: { type: "rows", columns_path: "schema.fields[*].name", cell_path: "v" },
      paginator: { type: "cursor", cursor_path: "pageToken", cursor_param: "pageToken" },
    },
    key: "id",
  },
  {
    name: "Open-Meteo: one list per field",
    path: "/v1/forecast",
    items: hours,
    reply: (_, all) => ({
      body: {
        ...{ latitude: 52.5, timezone: "GMT", hourly_units: { time: "iso8601", rain: "mm" } },
        hourly: { time: all.map(({ time }) => time), rain: all.map(({ rain }) => rain) },
      },
    }),
    selector: "hourly",
    endpoint: { data_layout: "columns", paginator: "single_page" },
  },
  {
    name: "Wikipedia: pages by their id, and two texts in continue",
    path: "/w/api.php?action=query&format=json",
    items: pages,
    reply: ({ query }, all) => {
      const at = Math.max(
        0,
        all.findIndex(({ title }) => title === query.get("gapcontinue")),
      );
      const next = all[at + 10]?.["title"];
      return {
        body: {
          ...(next !== undefined && { continue: { gapcontinue: next, continue: "gapcontinue||" } }),
          query: {
            pages: Object.fromEntries(pageAt(all, at, 10).map((each) => [Number(each["pageid"]), each])),
          },
        },
      };
    },
    selector: "query.pages",
    endpoint: {
      params: { action: "query", format: "json" },
      data_layout: { type: "keyed", key_field: "pageid" },
      paginator: { type: "cursor", cursor_path: "continue.gapcontinue", cursor_param: "gapcontinue" },
    },
    key: "pageid",
  },
  {
    name: "Contentful: items, and included entries that they refer to",
    path: "/spaces/s/entries",
    items: posts(45, "slug"),
    reply: (ask, all) => {
      const skip = number(ask, "skip", 0);
      const includes = { Entry: [{ slug: "other" }], Asset: posts(30, "id").all };
      return { body: { total: all.length, skip, limit: 20, items: pageAt(all, skip, 20), includes } };
    },
    selector: "items",
    endpoint: { paginator: { type: "offset", limit: 20, offset_param: "skip", total_path: "total" } },
    key: "slug",
  },
  {
    name: "Snapchat: each record in an object with the status of its request",
    path: "/v1/adaccounts/1/campaigns",
    items: customers(45),
    reply: ({ query, base }, all) => {
      const at = token.at(query.get("cursor"));
      const campaigns = pageAt(all, at, 20).map((campaign) => ({ sub_request_status: "SUCCESS", campaign }));
      const next = `${base}/v1/adaccounts/1/campaigns?cursor=${token.of(at + 20)}`;
      return {
        body: { request_id: "x", paging: at + 20 < all.length ? { next_link: next } : {}, campaigns },
      };
    },
    selector: "campaigns[*].campaign",
    endpoint: { paginator: { type: "json_link", next_url_path: "paging.next_link" } },
    key: "id",
  },
];
