import { createReader, pageNumber, readerKey, type GeneratedClient } from "@connector-gen/runtime";

/** A record of an API in this process, of 300 bytes as JSON. */
export interface Item {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly price: number;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly text: string;
}

/** The columns of the table, in the order of the fields. */
export const itemColumns =
  "id bigint, name varchar, email varchar, price double precision, is_active boolean, created_at varchar, text varchar";

/** Writes a record as JSON, faster than `JSON.stringify`, because the time of the API must not count as time of the load. */
function toJson({ id, name, email, price, isActive, createdAt, text }: Item): string {
  return `{"id":${id},"name":"${name}","email":"${email}","price":${price},"isActive":${isActive},"createdAt":"${createdAt}","text":"${text}"}`;
}

/** Creates a record. In version 2, one record in ten has another price. */
export function itemOf(id: number, version = 1): Item {
  return {
    id,
    name: `Customer number ${id}`,
    email: `customer.${id}@example.com`,
    price: id + (version === 2 && id % 10 === 0 ? 0.5 : 0.25),
    isActive: id % 3 === 0,
    createdAt: "2024-01-02T03:04:05Z",
    text: `A text that fills the record up to its size ${id} `.repeat(3).slice(0, 130),
  };
}

const pageSize = 1000;

/** Options of the API and of the load. */
export interface ItemsOptions {
  readonly total: number;
  readonly disposition: "append" | "merge";
  readonly version?: number;
}

/**
 * Creates a client of an API in this process. The API creates each page on request, so memory shows only the data of
 * sync.
 */
export function createItemsClient({ total, disposition, version }: ItemsOptions): GeneratedClient {
  const paginator = pageNumber({ pageParam: "page", basePage: 1, totalPath: ["pages"] });
  const items = {
    name: "items",
    path: "/items",
    select: ["items"],
    paginator,
    primaryKey: ["id"],
    writeDisposition: disposition,
  };
  const pages = Math.ceil(total / pageSize);
  const fetch = (url: string): Promise<Response> => {
    const first = (Number(new URL(url).searchParams.get("page") ?? 1) - 1) * pageSize;
    const records = Array.from({ length: Math.min(pageSize, total - first) }, (_, index) =>
      toJson(itemOf(first + index, version)),
    );
    const headers = { "content-type": "application/json" };
    return Promise.resolve(new Response(`{"items":[${records.join()}],"pages":${pages}}`, { headers }));
  };
  const source = { name: "bench", baseUrl: "http://api.test", resources: { items } };
  return { [readerKey]: createReader(source, { fetch }) };
}
