import { assertCheckpoint, type Checkpoint, type Read } from "./checkpoint.js";
import { ConnectorError, Fault, type Place } from "./errors.js";
import { createGuards, type Guards } from "./guards.js";
import type { JsonObject } from "./json.js";
import type { Limiter } from "./limiter.js";
import type { EventBody } from "./options.js";
import type { Position, StopReason } from "./paginator.js";
import type { FetchSignal } from "./platform.js";
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
  readonly limiters: readonly Limiter[];
  readonly signal: FetchSignal;
  readonly emit: (event: EventBody) => void;
  /** Tells the logger. */
  readonly warn: (page: number, message: string) => void;
  /** What a plan does with the records of a page after their shaping; it may end the sequence of pages. */
  readonly sift?: (records: readonly unknown[]) => Sifted;
  /** A plan's checkpoint for a position within its current sequence. */
  readonly mark?: (page: number, position: Position | null) => Checkpoint;
  /** A warning, if `validate` asks for one; in its mode `error` a misfit throws. */
  readonly validate: (records: readonly unknown[]) => string | undefined;
}

/** What is left of a page, and why the sequence ends with it if it does. */
export interface Sifted {
  readonly records: readonly unknown[];
  readonly stop?: StopReason | undefined;
}

/** Starts an iteration. */
export function startRun(reading: Reading, signal: FetchSignal): Run {
  const { client, resource, params, options } = reading;
  const { source } = client;
  const { validate = "off" } = options;
  const place = { source: source.name, resource: resource.name };
  return {
    ...reading,
    read: {
      ...place,
      spec: source.spec,
      ...(Object.keys(params).length > 0 && { params: params as JsonObject }),
    },
    guards: createGuards(resource.primaryKey, options.maxPages),
    policy: { ...defaultRetry, ...source.retry, ...resource.retry, ...client.options.retry },
    timeout: (client.options.timeout ?? resource.timeout ?? source.timeout ?? 60) * 1000,
    limiters: [reading.seats, client.options.rateLimit ?? source.rateLimit, resource.rateLimit].filter(
      (limiter) => limiter !== undefined,
    ),
    signal,
    emit: (event) => {
      for (const { onEvent } of [client.options, options]) onEvent?.({ ...place, ...event });
    },
    warn: (page, message) =>
      client.options.logger?.warn(`${place.source}.${place.resource} page ${page}: ${message}`),
    validate: (records) =>
      validate === "off" ? undefined : client.options.schemas?.check(resource.name, records, validate),
  };
}

/** Refuses parameters, checkpoints and options that cannot be meant for this read. */
export function checkRun({ client, resource, params, options, read }: Run): void {
  checkParams(resource, params);
  if (options.from) assertCheckpoint(options.from, read);
  if ((options.validate ?? "off") === "off" || client.options.schemas) return;
  throw new Fault(ConnectorError, "INVALID_OPTIONS", "`validate` needs the client's option `schemas`");
}

/** The checkpoint of a run before a page: its position, or `null` after the last one. */
export function checkpointAt(run: Run, page: number, position: Position | null): Checkpoint {
  return run.mark?.(page, position) ?? { ...run.read, page, position };
}

/** What a run throws: see `ConnectorError.from`. */
export function toError({ client, read }: Run, error: unknown, place: Partial<Place>): unknown {
  return ConnectorError.from(
    error,
    { source: read.source, resource: read.resource, ...place },
    client.redactor.clean,
  );
}
