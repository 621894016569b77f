/** Records per page, in the spec, on the server and in the hand-written loop. */
export const pageSize = 250;

/** A record of the server, about 300 bytes as JSON. */
export interface BenchRecord {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly status: "draft" | "published" | "archived";
  readonly score: number;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly owner: { readonly id: number; readonly name: string };
  readonly created_at: string;
  readonly updated_at: string;
}

const statuses = ["draft", "published", "archived"] as const;
const start = Date.UTC(2024, 0, 1);

/** Creates the record with an id, always the same one. */
export function createRecord(id: number): BenchRecord {
  const created = start + id * 61_000;
  return {
    id,
    name: `Introduction to subject ${id}`,
    email: `person.${id}@example.com`,
    status: statuses[id % 3] ?? "draft",
    score: (id % 1000) / 10,
    description: id % 4 === 0 ? null : `What subject ${id} is about, and whom it suits best.`,
    tags: ["science", `level-${id % 5}`],
    owner: { id: id % 997, name: `Owner ${id % 997}` },
    created_at: new Date(created).toISOString(),
    updated_at: new Date(created + 3_600_000).toISOString(),
  };
}

/** Records per small page. */
export const smallPageSize = 100;

/** Creates the body of a page. Page numbers start at 1. */
export function createPage(number: number, size: number = pageSize): string {
  const first = (number - 1) * size + 1;
  const items = Array.from({ length: size }, (_, index) => createRecord(first + index));
  return JSON.stringify({ items, page: number });
}

/** Paginator options for a server that reports its number of pages. */
const total = { total_header: "x-total-pages", total_of: "pages" };

function createResource(name: string, paginator: object): object {
  return {
    name,
    endpoint: {
      path: "/records",
      data_selector: "items",
      paginator: { type: "page_number", page_param: "page", start_from_page: 1, ...paginator },
    },
    schema: {
      type: "object",
      required: ["id", "name", "email", "status", "score", "description", "tags", "owner"],
      properties: {
        id: { type: "integer" },
        name: { type: "string" },
        email: { type: "string", format: "email" },
        status: { type: "string", enum: [...statuses] },
        score: { type: "number" },
        description: { type: ["string", "null"] },
        tags: { type: "array", items: { type: "string" } },
        owner: { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } } },
        created_at: { type: "string", format: "date-time" },
        updated_at: { type: "string", format: "date-time" },
      },
    },
  };
}

/** The spec of the server, from which the client is generated. */
export const benchSpec: object = {
  name: "bench",
  client: {
    base_url: "http://127.0.0.1",
    auth: { type: "api_key", name: "x-api-key", api_key: "{secrets.api_key}", location: "header" },
  },
  resource_defaults: { primary_key: "id", write_disposition: "merge" },
  resources: [
    createResource("records", { limit: pageSize }),
    createResource("counted_records", { limit: pageSize, ...total }),
    createResource("small_pages", { limit: smallPageSize, ...total }),
  ],
};
