import { assertCheckpoint, type Read } from "./checkpoint.js";
import { ConnectorError, Fault } from "../errors.js";
import { createGuards, type Guards } from "./guards.js";
import type { JsonObject } from "../json.js";
import type { EventBody } from "../client/options.js";

import type { FetchSignal } from "../platform.js";
import type { Reading } from "./reading.js";
import { buildRequest, checkParams, repeat } from "../http/request.js";
import { defaultRetry, type RetryPolicy } from "../http/retry.js";
import { receiveJson } from "../http/send.js";
import { readSequence } from "./sequence.js";
import { steps, type Extension, type Steps } from "./steps.js";

/** One iteration of a read, with what its pages share. */
export interface Run extends Reading, Steps {
  /** What its checkpoints belong to. */
  readonly read: Read;
  readonly guards: Guards;
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  readonly signal: FetchSignal;
  /** Tells of an event; what is worth a warning goes to the logger too. */
  readonly emit: (event: EventBody, warning?: string) => void;
  /** A warning, if `validate` asks for one; in its mode `error` a misfit throws. */
  readonly validate: (records: readonly unknown[]) => string | undefined;
}

/** The steps of JSON over `GET`. */
const plainSteps: Steps = {
  accept: "application/json",
  encode: repeat,
  build: buildRequest,
  attempt: (_, make) => make(),
  observe: () => undefined,
  receive: receiveJson,
  finish: (_, fetched) => fetched,
  pages: readSequence,
  checkpointAt: ({ read }, page, position) => ({ ...read, page, position }),
};

/** Starts an iteration. */
export function startRun(reading: Reading, signal: FetchSignal): Run {
  const { client, resource, params, options } = reading;
  const { source } = client;
  const { validate = "off" } = options;
  const place = { source: source.name, resource: resource.name };
  const run: Run = {
    ...plainSteps,
    ...reading,
    read: {
      ...place,
      spec: source.spec,
      ...(Object.keys(params).length > 0 && { params: params as JsonObject }),
    },
    guards: createGuards(resource.primaryKey, options.maxPages),
    policy: { ...defaultRetry, ...source.retry, ...resource.retry, ...client.options.retry },
    timeoutMs: client.options.timeoutMs ?? resource.timeoutMs ?? source.timeoutMs ?? 60_000,
    signal,
    emit: (event, warning) => {
      for (const { onEvent } of [client.options, options]) onEvent?.({ ...place, ...event });
      if (warning)
        client.options.logger?.warn(`${place.source}.${place.resource} page ${event.page}: ${warning}`);
    },
    validate: (records) =>
      validate === "off" ? undefined : client.options.schemas?.check(resource.name, records, validate),
  };
  // Descriptors are data: whatever else is among these values has no such key.
  const parts = [reading, [source, client.options, resource].map(Object.values)].flat(3) as (
    Partial<Extension> | null | undefined
  )[];
  return Object.assign(run, ...parts.map((part) => part?.[steps])) as Run;
}

/** Refuses parameters, checkpoints and options that cannot be meant for this read. */
export function checkRun({ client, resource, params, options, read }: Run): void {
  checkParams(resource, params);
  if (options.from) assertCheckpoint(options.from, read);
  if ((options.validate ?? "off") === "off" || client.options.schemas) return;
  throw new Fault(ConnectorError, "INVALID_OPTIONS", "`validate` needs the option `schemas`");
}
