import type { Client } from "../client/client.js";
import type { ResourceShape } from "../descriptor.js";
import type { JsonValue } from "../json.js";
import type { Limiter } from "../limit/limiter.js";
import type { ReadOptions } from "../client/options.js";
import type { Steps, steps } from "./steps.js";

/** One read of one resource, as the caller asked for it. */
export interface Reading {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly params: Params;
  readonly options: ReadOptions;
  /** Of the read that this one is done for: how many requests both may make at a time. */
  readonly seats?: Limiter | undefined;
  /** What the read that this one is done for takes over. */
  readonly [steps]?: Partial<Steps>;
}

/**
 * The parameters of a read; `undefined` and `null` count as left out. A plan adds the values of its parts under their
 * placeholders' names: `resources.users.id`.
 */
export type Params = Readonly<Record<string, JsonValue | undefined>>;
