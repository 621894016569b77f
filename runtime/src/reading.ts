import type { Client } from "./client.js";
import type { ResourceShape } from "./descriptor.js";
import type { JsonValue } from "./json.js";
import type { ReadOptions } from "./options.js";

/** One read of one resource, as the caller asked for it. */
export interface Reading {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly params: Params;
  readonly options: ReadOptions;
}

/** The parameters of a read; `undefined` and `null` count as left out. */
export type Params = Readonly<Record<string, JsonValue | undefined>>;
