import { assertCheckpoint, type Checkpoint, type Read } from "./checkpoint.js";
import type { Client } from "./client.js";
import type { ResourceShape } from "./descriptor.js";
import { ConnectorError, Fault, innermost, type Place } from "./errors.js";
import { createGuards, type Guards } from "./guards.js";
import type { JsonObject } from "./json.js";
import type { EventBody, ReadOptions } from "./options.js";
import type { Position } from "./paginator.js";
import type { FetchSignal } from "./platform.js";
import type { Redactor } from "./redact.js";
import type { Reading } from "./reading.js";
import { checkParams } from "./request.js";
import { defaultRetry, type RetryPolicy } from "./retry.js";

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
  /** A warning, if `validate` asks for one; in its mode `error` a misfit throws. */
  readonly validate: (records: readonly unknown[]) => string | undefined;
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
    guards: createGuards(resource.primaryKey, options.maxPages),
    policy: { ...defaultRetry, ...source.retry, ...resource.retry, ...client.options.retry },
    timeout: (client.options.timeout ?? resource.timeout ?? source.timeout ?? 60) * 1000,
    signal,
    emit: (event) => {
      client.options.onEvent?.({ ...place, ...event });
      options.onEvent?.({ ...place, ...event });
    },
    validate: (records) => validate(reading, records),
  };
  try {
    checkParams(resource, params);
    if (options.from) assertCheckpoint(options.from, run.read);
  } catch (error) {
    throw toError(run, error, {});
  }
  return run;
}

function validate({ client, resource, options }: Reading, records: readonly unknown[]): string | undefined {
  const { validate: mode = "off" } = options;
  if (mode === "off") return undefined;
  const { schemas } = client.options;
  if (schemas) return schemas.check(resource.name, records, mode);
  throw new Fault(ConnectorError, "INVALID_OPTIONS", "`validate` needs the client's option `schemas`");
}

/** The checkpoint of a run before a page: its position, or `null` after the last one. */
export function checkpointAt(run: Run, page: number, position: Position | null): Checkpoint {
  return { ...run.read, page, position };
}

/** A fault of this package, placed and redacted; anything else as it is. */
export function toError({ client, read }: Run, error: unknown, place: Partial<Place>): unknown {
  if (!(error instanceof Fault)) return error;
  const { redactor } = client;
  const { family, code, message, details, attempts } = error;
  const { cause } = details;
  const clean = new Fault(family, code, redactor.clean(message), {
    ...details,
    cause: cause && cleanCause(redactor, cause),
  });
  clean.attempts = attempts;
  return ConnectorError.from(clean, { source: read.source, resource: read.resource, ...place });
}

/** A copy of what is at the bottom: errors of other libraries may hold requests, headers and all. */
function cleanCause(redactor: Redactor, cause: unknown): Error {
  const { name, message = cause, code } = innermost(cause);
  return Object.assign(new Error(redactor.clean(String(message))), { name, code });
}
