import { assertCheckpoint, type Checkpoint, type Read } from "./checkpoint.js";
import type { Client } from "./client.js";
import type { ResourceShape } from "./descriptor.js";
import { ConnectorError, Fault, type Place } from "./errors.js";
import { createGuards, type Guards } from "./guards.js";
import type { JsonObject } from "./json.js";
import type { EventBody, ReadOptions } from "./options.js";
import type { Position } from "./paginator.js";
import type { FetchSignal } from "./platform.js";
import type { Redactor } from "./redact.js";
import { checkParams, type Params } from "./request.js";
import { defaultRetry, type RetryPolicy } from "./retry.js";

/** One read of one resource, as the caller asked for it. */
export interface Reading {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly params: Params;
  readonly options: ReadOptions;
}

/** One iteration of a read, with what its pages share. */
export interface Run extends Reading {
  /** What its checkpoints belong to. */
  readonly read: Read;
  readonly guards: Guards;
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  readonly signal: FetchSignal;
  readonly emit: (event: EventBody) => void;
}

/** Starts an iteration; refuses parameters and checkpoints that do not belong to the resource. */
export function startRun(reading: Reading, signal: FetchSignal): Run {
  const { client, resource, params, options } = reading;
  const { source } = client;
  const given = JSON.parse(JSON.stringify(params)) as JsonObject;
  const place = { source: source.name, resource: resource.name };
  const hasParams = Object.keys(given).length > 0;
  const run: Run = {
    ...reading,
    read: { ...place, spec: source.spec, ...(hasParams && { params: given }) },
    guards: createGuards(resource.primaryKey),
    policy: { ...defaultRetry, ...source.retry, ...resource.retry, ...client.options.retry },
    timeout: (client.options.timeout ?? resource.timeout ?? source.timeout ?? 60) * 1000,
    signal,
    emit: (event) => {
      client.options.onEvent?.({ ...place, ...event });
      options.onEvent?.({ ...place, ...event });
    },
  };
  try {
    checkParams(resource, params);
    if (options.from) assertCheckpoint(options.from, run.read);
  } catch (error) {
    throw toError(run, error, {});
  }
  return run;
}

/** The checkpoint of a run before a page: its position, or `null` after the last one. */
export function checkpointAt(run: Run, page: number, position: Position | null): Checkpoint {
  return { ...run.read, page, position };
}

/** A fault of this package, placed and redacted; anything else as it is. */
export function toError({ client, read }: Run, error: unknown, place: Partial<Place>): unknown {
  if (!(error instanceof Fault)) return error;
  const { redactor } = client;
  const { kind, code, message, details } = error;
  const cause = details.cause === undefined ? undefined : cleanCause(redactor, details.cause);
  const clean = new Fault(kind, code, redactor.clean(message), { ...details, ...(cause && { cause }) });
  return ConnectorError.from(clean, { source: read.source, resource: read.resource, ...place });
}

/** A copy: errors of other libraries may hold requests, headers and all. */
function cleanCause(redactor: Redactor, cause: unknown, depth = 0): Error {
  const { name, message, code, cause: inner } = (cause ?? {}) as Readonly<Record<string, unknown>>;
  const copy = new Error(redactor.clean(typeof message === "string" ? message : String(cause)));
  if (typeof name === "string") copy.name = name;
  if (typeof code === "string") Object.assign(copy, { code });
  if (inner instanceof Error && depth < 5) copy.cause = cleanCause(redactor, inner, depth + 1);
  return copy;
}
