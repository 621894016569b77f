import {
  createReader,
  type ClientOptions,
  type Page,
  type ReadOptions,
  type RecordStream,
  type Resource,
} from "../../../runtime/src/index.js";
import type { ResourceShape } from "../../../runtime/src/plugin.js";
import type { TestServer } from "../server.js";

/** A record of the tests' APIs. */
export interface Item {
  readonly id: string;
}

/** Reads a resource by its name. */
export type Open = (name: string, read?: ReadOptions, params?: object) => RecordStream<Item>;

/** A reader of resources at a server, which does not wait before retries. */
export function reader(
  server: TestServer,
  resources: readonly ResourceShape[],
  options: ClientOptions & Readonly<Record<string, unknown>> = {},
): Open {
  const source = {
    name: "org",
    baseUrl: server.url,
    options: { "config.regions": { option: "regions" } },
    resources: Object.fromEntries(resources.map((resource) => [resource.name, resource])),
  };
  const client = createReader(source, { retry: { backoffMs: 0 }, ...options });
  return (name, readOptions, params = {}) => {
    const resource = source.resources[name];
    if (!resource) throw new Error(name);
    return client.read(resource as Resource<Item, object>, params, readOptions);
  };
}

/** The ids of all records, in order. */
export function idsOf(pages: readonly Page<Item>[]): string[] {
  return pages.flatMap(({ records }) => records.map(({ id }) => id));
}
