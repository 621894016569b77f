import {
  createReader,
  pageNumber,
  readerKey,
  type GeneratedClient,
  type Source,
} from "@connector-gen/runtime";
import type { ResourceShape } from "@connector-gen/runtime/plugin";

type RecordObject = Readonly<Record<string, unknown>>;

function resource(name: string, load: Partial<ResourceShape>): ResourceShape {
  const paginator = pageNumber({ pageParam: "page", basePage: 1, totalPath: ["pages"] });
  return { name, path: `/${name}`, select: ["items"], paginator, ...load };
}

/** One resource for each way to write, with pages whose records belong together. */
const resources: readonly ResourceShape[] = [
  resource("events", {}),
  resource("prices", { writeDisposition: "replace" }),
  resource("orders", { writeDisposition: "merge", primaryKey: ["id"] }),
  resource("visits", { writeDisposition: "merge", mergeKey: ["day"] }),
  resource("stock", {
    writeDisposition: "merge",
    primaryKey: ["id"],
    load: { strategy: "upsert", columns: { gone: { type: "bool", hardDelete: true } } },
  }),
  resource("people", { writeDisposition: "merge", primaryKey: ["id"], load: { strategy: "scd2" } }),
  resource("codes", { writeDisposition: "merge", primaryKey: ["id"], load: { strategy: "insert-only" } }),
];

const source: Source = {
  name: "shop",
  baseUrl: "http://api.test",
  resources: Object.fromEntries(resources.map((each) => [each.name, each])),
};

const pages = 6;
const pageSize = 5;

/** Returns the record with a number in a version of the API's data, or `undefined` if it does not exist in this version. */
function recordOf(name: string, number: number, version: number): RecordObject | undefined {
  const isChanged = version > 1 && number % 4 === 0;
  if (version > 1 && number % 7 === 3 && name !== "stock") return undefined;
  const lines = Array.from({ length: number % 3 }, (_, line) => ({
    sku: `s${line}`,
    count: isChanged ? line + 10 : line,
    tags: ["a", `t${line}`],
  }));
  return {
    // Two pages contain the first record, because the data changed during the read.
    id: number === pageSize ? 0 : number,
    day: `d${number % 4}`,
    name: `${name} ${number}${isChanged ? " changed" : ""}`,
    price: number / 4,
    at: "2024-01-02T03:04:05Z",
    ...(version > 1 && { added: number }),
    ...(name === "stock" && { gone: version > 1 && number % 7 === 3 }),
    address: { city: `c${number % 2}` },
    lines,
  };
}

function answer(url: string, version: number): unknown {
  const { pathname, searchParams } = new URL(url);
  const name = pathname.slice(1);
  const page = Number(searchParams.get("page") ?? 1) - 1;
  const numbers = Array.from({ length: pageSize }, (_, place) => page * pageSize + place + (version - 1) * 2);
  return { items: numbers.flatMap((number) => recordOf(name, number, version) ?? []), pages };
}

/** A client of an API with the given version of its data. Each response takes `delayMs`. */
export function createShop(version: number, delayMs = 0): GeneratedClient {
  const fetch = async (url: string): Promise<Response> => {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    return new Response(JSON.stringify(answer(url, version)), {
      headers: { "content-type": "application/json" },
    });
  };
  return { [readerKey]: createReader(source, { fetch }) };
}
