import type { Checkpoint, Position } from "../checkpoint.js";
import { checkArrayOptions, checkReadOptions } from "../client/check-options.js";
import type { Client } from "../client/client.js";
import type { EventBody, ReadOptions } from "../client/options.js";
import type { StandardSchema } from "../client/schemas.js";
import type { Lookup, Params } from "../client/template.js";
import type { ResourceShape } from "../descriptor.js";
import { addHeaders } from "../client/redact.js";
import { ConnectorError, ReadFailure, toLine, toWarning, type Clean, type ErrorPlace } from "../errors.js";
import type { Watch } from "../http/attempts.js";
import { defaultRetry, type RetryPolicy } from "../http/retry.js";
import type { Limiter } from "../limit/limiter.js";
import type { Accepted } from "../plans/plan.js";
import type { FetchSignal } from "../platform.js";
import type { BigIntegerRules } from "./big-integers.js";
import { createGuards, type Guards } from "./guards.js";
import { digestOf, identify, type ReadIdentity } from "./resume.js";

/** A read that a caller requests. */
export interface ReadRequest {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly params: Params;
  readonly options: ReadOptions;
  /** The options of `toArray`. */
  readonly arrayOptions?: object | undefined;
  /** For the read of parents: the limit on requests in flight, shared with the read of the children. */
  readonly semaphore?: Limiter;
  /** Whether only a plan uses the records. Then integers beyond 2^53 are kept as `bigint`, and cause no error. */
  readonly isParent?: boolean;
}

/** One iteration of a read: the state that its pages share. A plan derives one session per sequence of pages. */
export interface ReadSession {
  readonly client: Client;
  readonly resource: ResourceShape;
  readonly params: Params;
  readonly options: ReadOptions;
  /** The read to which its checkpoints belong. */
  readonly identity: ReadIdentity;
  readonly guards: Guards;
  /** For the read of parents: the limit on requests in flight, shared with the read of the children. */
  readonly semaphore?: Limiter;
  readonly limiters: readonly Limiter[];
  readonly policy: RetryPolicy;
  /** Milliseconds for one attempt. */
  readonly timeoutMs: number;
  readonly readAhead: boolean;
  /** Requests in flight. */
  readonly concurrency: number;
  readonly signal: FetchSignal;
  readonly watches: Watch[] | undefined;
  readonly clean: Clean;
  /** Returns the value of any placeholder of the resource. */
  readonly lookup: Lookup;
  /** The untrusted origins that this read has reported. */
  readonly foreignOrigins: Set<string>;
  /** Emits an event; a warning also goes to the logger. */
  readonly emit: (event: EventBody, warning?: string) => void;
  /** How integers beyond 2^53 appear in records. */
  readonly integers: BigIntegerRules;
  /** The schema of the records, if `validate` requires checks. */
  readonly schema: StandardSchema | undefined;
  /** Leaves out records that are not new, and decodes the others. */
  readonly accept?: ((records: readonly unknown[]) => Accepted) | undefined;
  /** Creates the checkpoint before a position; `null` is the end. */
  readonly checkpointAt: (page: number, position: Position | null) => Checkpoint;
}

type SharedOptions = Pick<ReadOptions, "timeoutMs" | "readAhead" | "concurrency">;

/** Starts an iteration. Throws for invalid options. */
export function startSession(request: ReadRequest, signal: FetchSignal): ReadSession {
  const { client, resource, params, semaphore, isParent } = request;
  const { source, redactor } = client;
  const place = { source: source.name, resource: resource.name };
  const options = checkReadOptions(request.options);
  checkArrayOptions(request.arrayOptions);
  addHeaders(redactor, options.headers);
  const identity = identify(source, resource, { params, clean: redactor.clean });
  // The read's options override the client's, which override the spec's.
  const layers = [source, resource, client.options, options];
  const settings = Object.assign({}, ...layers) as SharedOptions;
  const { timeoutMs = 60_000, readAhead = true, concurrency = 1 } = settings;
  const mode = resource.bigIntegers ?? source.bigIntegers ?? "error";
  const rateLimits = [semaphore, client.options.rateLimit ?? source.rateLimit, resource.rateLimit];
  return {
    ...request,
    options,
    identity,
    guards: createGuards(resource.primaryKey, options.maxPages, resource.paginator.needsPrevious),
    limiters: rateLimits.flatMap((limiter) => limiter ?? []),
    policy: Object.assign({}, defaultRetry, ...layers.map(({ retry }) => retry)) as RetryPolicy,
    integers: {
      mode: mode === "error" && isParent ? "bigint" : mode,
      fields: resource.bigIntegerFields,
    },
    timeoutMs,
    readAhead,
    concurrency,
    signal,
    watches: [],
    clean: redactor.clean,
    lookup: lookupIn(client, params),
    schema: findSchema(request, options.validate),
    foreignOrigins: new Set(),
    emit: (event, warning) => {
      client.options.onEvent?.({ ...place, ...event });
      options.onEvent?.({ ...place, ...event });
      if (warning)
        client.options.logger?.warn(
          toLine(`${place.source}.${place.resource} page ${event.page}: ${warning}`),
        );
    },
    checkpointAt: (page, position) => ({
      ...identity,
      page,
      position,
      // Computed on access, because most checkpoints are not used.
      get digest(): string {
        return digestOf(this);
      },
    }),
  };
}

/** Returns the schema for `validate`. Throws if it is missing. */
function findSchema(
  { client, resource }: ReadRequest,
  mode: ReadOptions["validate"] = "off",
): StandardSchema | undefined {
  if (mode === "off") return undefined;
  const schema = client.options.schemas?.[resource.name];
  if (schema) return schema;
  const message = `\`validate\` needs a schema in \`schemas.${resource.name}\``;
  throw new ReadFailure(ConnectorError, "INVALID_OPTIONS", message);
}

/** Creates the lookup of a resource's placeholders: in the options, or in the parameters. */
export function lookupIn({ lookup }: Client, params: Params): Lookup {
  return async (name) => (/^(secrets|config)\./.test(name) ? lookup(name) : (params[name] ?? null));
}

/** Emits a warning. */
export function warn({ clean, emit }: ReadSession, page: number, text: string): void {
  const message = toWarning(text, clean);
  emit({ type: "warning", page, message }, message);
}

/** Redacts an error of a read and adds its location. The reason of an aborted signal stays unchanged. */
export function toError(
  { client, resource, signal }: Pick<ReadSession, "client" | "resource" | "signal">,
  error: unknown,
  place: Partial<ErrorPlace>,
): unknown {
  if (signal.aborted && error === signal.reason) return error;
  const where = { source: client.source.name, resource: resource.name, ...place };
  return ConnectorError.from(error, where, client.redactor.clean);
}
