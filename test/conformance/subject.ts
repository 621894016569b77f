import type { ClientOptions, ReadOptions } from "@connector-gen/runtime";
import { createClient, type GeneratedModule } from "./module.js";
import { collectOutcome, type Outcome } from "./outcome.js";
import type { Replay, Script } from "./replay.js";
import type { Vector } from "./vector.js";

/** The tools for checking a vector. */
export interface Bench {
  readonly replay: Replay;
  /** The folder of additional modules. */
  readonly folder: string;
}

/** One vector's module, to be read against the replay server. */
export interface Subject extends Bench {
  readonly vector: Vector;
  readonly module: GeneratedModule;
}

/** Problems, or a selector without a match where dlt reports no error. */
export type Verdict = readonly string[] | "no match";

/** Whether a strict selector is the only difference between a read and the recorded one. */
export function isSelectorAtFault(vector: Vector, { error }: Outcome, isErrorFree: boolean): boolean {
  const hasSelector = JSON.stringify(vector.config).includes('"data_selector":"');
  return hasSelector && isErrorFree && error?.code === "SELECTOR_NO_MATCH";
}

/** Reads one resource with a fresh client and a fresh log. */
export async function readResource(
  { replay, module }: Subject,
  {
    resource,
    script,
    from,
  }: { resource: string; script: Omit<Script, "secrets">; from?: ReadOptions["from"] },
): Promise<Outcome> {
  const session = replay.open({ ...script, secrets: [...module.secrets.values()] });
  // One page at a time: the requests are compared in order.
  const options: ClientOptions = { transport: session.transport, retry: { backoffMs: 0 }, concurrency: 1 };
  const client = await createClient(module, options);
  const read = client[resource];
  if (!read) return { requests: [], records: [], problems: ["the client has no such resource"] };
  const signal = AbortSignal.timeout(20_000);
  return collectOutcome(read({ signal, ...(from && { from }) }), session);
}
