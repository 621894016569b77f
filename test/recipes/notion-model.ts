import { allowOnly, jsonOf, refuse, requireHeader, type ApiModel, type Reply } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** A page of a database in Notion's format. */
export interface NotionPage {
  readonly object: string;
  readonly id: string;
  readonly created_time: string;
  readonly last_edited_time: string;
  readonly archived: boolean;
  readonly url: string;
  readonly properties: object;
}

/** Pages of a database. Two are edited in each minute. */
export function notionPagesOf(count: number): readonly NotionPage[] {
  return rowsOf(count, (number) => ({
    object: "page",
    id: `10000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    created_time: "2024-01-01T00:00:00.000Z",
    last_edited_time: minutesLater(Math.floor(number / 2)).replace("Z", ".000Z"),
    archived: false,
    url: `https://www.notion.so/${number}`,
    properties: { Name: { id: "title", type: "title", title: [{ plain_text: `Page ${number}` }] } },
  }));
}

interface Query {
  readonly filter?: { readonly last_edited_time?: { readonly on_or_after?: string } };
  readonly sorts?: readonly { readonly timestamp: string; readonly direction: string }[];
  readonly page_size?: number;
  readonly start_cursor?: string;
}

/** Notion's API with one database. */
export function notion(database: string, pages: readonly NotionPage[]): ApiModel {
  const users = rowsOf(120, (number) => ({
    object: "user",
    id: `u${number}`,
    type: "person",
    name: `User ${number}`,
  }));
  return {
    origin: "https://api.notion.com",
    toError: (status, message) => ({
      object: "error",
      status,
      code: status === 401 ? "unauthorized" : status === 404 ? "object_not_found" : "validation_error",
      message,
    }),
    check: (call) => {
      if (call.headers.authorization !== "Bearer ntn_1") refuse(401, "API token is invalid.");
      requireHeader(call, "Notion-Version", "2022-06-28");
    },
    routes: {
      "POST /v1/databases/:id/query": (call) => {
        if (call.params["id"] !== database)
          refuse(404, `Could not find database with ID: ${call.params["id"] ?? ""}.`);
        const query: Query = jsonOf(call, "filter", "sorts", "page_size", "start_cursor");
        const { timestamp, direction } = query.sorts?.[0] ?? {};
        if (timestamp !== "last_edited_time") refuse(400, "body failed validation: sorts");
        const since =
          query.filter?.last_edited_time?.on_or_after ?? refuse(400, "body failed validation: filter");
        const found = pages.filter(({ last_edited_time }) => last_edited_time >= since);
        return toList(
          query,
          sortBy(found, (page) => page.last_edited_time, direction === "descending" ? "desc" : "asc"),
        );
      },
      "GET /v1/users": ({ query }) => {
        allowOnly(query, "page_size", "start_cursor");
        const cursor = query.get("start_cursor");
        return toList(
          { page_size: Number(query.get("page_size")), ...(cursor !== null && { start_cursor: cursor }) },
          users,
        );
      },
    },
  };
}

function toList(query: Query, rows: readonly { readonly id: string }[]): Reply {
  const { page_size = 100, start_cursor } = query;
  if ("start_cursor" in query && typeof start_cursor !== "string")
    refuse(400, "body.start_cursor should be a string");
  if (page_size > 100) refuse(400, "body.page_size should be ≤ 100");
  const start = start_cursor === undefined ? 0 : rows.findIndex(({ id }) => id === start_cursor);
  if (start < 0) refuse(400, `The start_cursor provided is invalid: ${start_cursor ?? ""}`);
  const next = rows[start + page_size];
  return {
    body: {
      object: "list",
      results: rows.slice(start, start + page_size),
      next_cursor: next?.id ?? null,
      has_more: next !== undefined,
      type: "page_or_database",
    },
  };
}
