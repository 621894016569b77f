import { setImmediate } from "node:timers/promises";
import { createReader, pageNumber, readerKey, type GeneratedClient } from "@connector-gen/runtime";
import type { FetchLike, FetchResponse } from "@connector-gen/runtime/plugin";

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

/** The id of the first record. All ids have seven digits. */
const firstId = 1_000_000;

/** Creates the record with this index. In version 2, one record in ten has another price. */
export function itemOf(index: number, version = 1): Item {
  const id = firstId + index;
  return {
    id,
    name: `Customer number ${id}`,
    email: `customer.${id}@example.com`,
    price: id + (version === 2 && id % 10 === 0 ? 0.75 : 0.25),
    isActive: id % 4 === 0,
    createdAt: "2024-01-02T03:04:05Z",
    text: `A text that fills the record up to its size ${id} `.repeat(3).slice(0, 130),
  };
}

const pageSize = 1000;

/**
 * Returns a function that creates the body of a page. The records of two pages differ only in the first four digits of
 * their ids, so a page is the first one with other digits. No record is written as JSON again:
 * the work of the API must not count as work of the load.
 */
function createPages(total: number, version?: number): (page: number) => Uint8Array {
  const items = Array.from({ length: pageSize }, (_, index) => itemOf(index, version));
  const first = Buffer.from(JSON.stringify({ items, pages: total / pageSize }), "latin1");
  const places = Array.from(first.toString("latin1").matchAll(/1000(?=\d{3}\D)/g), ({ index }) => index);
  // A client reads a body before this many others arrive. New memory would take time that is not part of a load.
  const bodies = Array.from({ length: 8 }, () => Buffer.from(first));
  return (page) => {
    const digits = Buffer.from(String(firstId / pageSize + page - 1), "latin1");
    const body = bodies[page % bodies.length] ?? first;
    for (const place of places)
      for (let digit = 0; digit < digits.length; digit++) body[place + digit] = digits[digit] ?? 0;
    return body;
  };
}

const headers = new Headers({ "content-type": "application/json" });

/** Returns a body of one part. The streams of `fetch` would take time that is not part of a load. */
function bodyOf(bytes: Uint8Array): FetchResponse["body"] {
  const parts = [{ done: false, value: bytes }];
  return {
    getReader: () => ({
      read: () => Promise.resolve(parts.pop() ?? { done: true }),
      cancel: () => Promise.resolve(),
    }),
  };
}

/** Options of the API and of the load. */
export interface ItemsOptions {
  /** A multiple of 1,000. */
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
  const createPage = createPages(total, version);
  const fetch: FetchLike = async (url) => {
    const page = Number(new URL(url).searchParams.get("page") ?? 1);
    // Like a response from a socket, it leaves time for other work of the event loop.
    await setImmediate();
    return { status: 200, statusText: "OK", headers, body: bodyOf(createPage(page)) };
  };
  const source = { name: "bench", baseUrl: "http://api.test", resources: { items } };
  return { [readerKey]: createReader(source, { fetch }) };
}
