import { createReader, readerKey, type ClientOptions, type GeneratedClient } from "@connector-gen/runtime";
import { buildSource } from "../../../generator/ir/build.js";
import { toLiveSource } from "../../../generator/live/live-source.js";
import { specOf } from "../../spec/parse-text.js";

/** The records that a scripted API serves, by path. A function gets the query of the request. */
export type Served = Readonly<Record<string, unknown>>;

/** Creates a client of a spec whose API answers each path with a body. An unknown path is a 404. */
export async function createClient(
  resources: readonly object[],
  served: Served,
  options: ClientOptions = {},
): Promise<GeneratedClient> {
  const config = {
    name: "shop",
    client: { base_url: "http://api.test", paginator: "single_page" },
    resources,
  };
  const fetch = (url: string): Promise<Response> => {
    const { pathname, searchParams } = new URL(url);
    const body = served[pathname];
    const answer =
      typeof body === "function" ? (body as (query: URLSearchParams) => unknown)(searchParams) : body;
    return Promise.resolve(
      answer === undefined
        ? new Response("{}", { status: 404 })
        : new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } }),
    );
  };
  return await clientOf(config, { fetch, ...options });
}

/** Creates a client of a spec. */
export async function clientOf(spec: object, options: ClientOptions): Promise<GeneratedClient> {
  const source = buildSource(await specOf(spec));
  return { [readerKey]: createReader(toLiveSource(source), options) };
}
