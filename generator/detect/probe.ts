import {
  createReader,
  isConnectorError,
  type ClientOptions,
  type JsonValue,
  type Resource,
  type Source,
} from "@connector-gen/runtime";
import type { Path } from "@connector-gen/runtime/kinds";
import type { Exchange, PageRequest, Paginator, ResourceShape } from "@connector-gen/runtime/plugin";
import type { SecondResult } from "./paging.js";
import { withoutBigIntegers } from "./big-integers.js";
import type { RecordingTransport } from "./recording-transport.js";

/** A resource to probe and the functions that choose what to request. */
export interface ProbeOptions {
  readonly source: Source;
  readonly resource: ResourceShape;
  readonly options: ClientOptions & Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly transport: RecordingTransport;
  /** Returns the path to the records of a body if the spec has no selector; `[]` is the whole body. */
  readonly select?: (body: unknown) => Path;
  /** Returns the second request, or `undefined` to send only one. */
  readonly plan: (first: Exchange) => PageRequest | undefined;
}

/** The responses to one or two requests for a resource. */
export interface ProbeResult {
  readonly method: string;
  /** Request URL with redacted secrets. */
  readonly url: string;
  readonly status: number | undefined;
  readonly first: Exchange;
  readonly second?: SecondResult;
  /** Records of all pages after declarative shaping, without hooks. */
  readonly records: readonly unknown[];
  /** A field of the records with an integer beyond 2^53. */
  readonly bigInteger?: string;
}

/** Requests at most two pages of a resource. Throws the runtime's errors if the first page cannot be read. */
export async function probeResource(probe: ProbeOptions): Promise<ProbeResult> {
  const { source, resource, params, transport } = probe;
  const observer = createObserver(probe);
  const requests: { method: string; url: string; status?: number | undefined }[] = [];
  transport.reset();
  const reader = createReader(withFirstPages(source), {
    ...probe.options,
    ...transportOf(probe),
    concurrency: 1,
    retry: { maxRetries: 0 },
    onEvent: (event) => {
      if (event.type === "request" && event.resource === resource.name)
        requests.push({ method: event.method, url: event.url });
    },
  });
  const records: unknown[] = [];
  let second: SecondResult | undefined;
  let bigInteger: string | undefined;
  try {
    const exact = { ...resource, bigIntegers: "bigint", paginator: observer.paginator } as const;
    const target = exact as Resource<unknown, object>;
    for await (const page of reader.read(target, params, { maxPages: 2 }).pages()) {
      // Repeated records would make every key look ambiguous.
      const known = new Set(records.map((record) => JSON.stringify(record)));
      const plain = withoutBigIntegers(page.records);
      bigInteger ??= plain.field;
      records.push(...plain.value.filter((record) => !known.has(JSON.stringify(record))));
      if (observer.isDone()) break;
    }
  } catch (error) {
    if (observer.exchanges.length === 0) throw error;
    if (observer.exchanges.length === 1) second = toSecondResult(error);
  }
  const [exchange, next] = observer.observed();
  if (!exchange) throw new Error("its parents have no records, so there is no request to send");
  const [request = { method: resource.method ?? "GET", url: exchange.url }] = requests.slice(
    observer.skipped(),
  );
  if (next) second = { exchange: next };
  const seen = {
    first: exchange,
    ...(second && { second }),
    ...(bigInteger !== undefined && { bigInteger }),
  };
  return { ...request, status: observer.status(), ...seen, records };
}

function toSecondResult(error: unknown): SecondResult {
  if (!isConnectorError(error)) return { failure: error instanceof Error ? error.message : String(error) };
  return error.status === undefined
    ? { failure: `the second request failed (${error.code})` }
    : { status: error.status };
}

/** Chooses the transport. `fetch` rejects a body with GET, so such requests use the runtime's default, unrecorded. */
function transportOf({ transport, resource }: ProbeOptions): ClientOptions {
  const isRejected = /^(GET|HEAD)$/.test(resource.method ?? "GET") && resource.body !== undefined;
  return isRejected && !transport.sendsBodyWithGet ? {} : { transport };
}

/** Limits every resource, and so every parent, to its first page. */
function withFirstPages(source: Source): Source {
  const resources = Object.entries(source.resources).map(([name, resource]) => {
    const paginator: Paginator = { ...resource.paginator, next: () => ({ stop: "single_page" }) };
    return [name, { ...resource, paginator }] as const;
  });
  return { ...source, resources: Object.fromEntries(resources) };
}

/** A paginator that records the exchanges. */
interface Observer {
  readonly paginator: Paginator;
  readonly exchanges: readonly Exchange[];
  readonly isDone: () => boolean;
  /** The first page with records and the page after it. */
  readonly observed: () => readonly Exchange[];
  /** Number of empty pages before them, from parents without children. */
  readonly skipped: () => number;
  readonly status: () => number | undefined;
}

function createObserver({ resource, select, plan, transport }: ProbeOptions): Observer {
  const exchanges: Exchange[] = [];
  const statuses: (number | undefined)[] = [];
  const isSplit = resource.plan !== undefined;
  let path: Path | undefined;
  let planned: PageRequest | undefined;
  let isSkipped = false;
  const own = resource.paginator;
  const paginator: Paginator = {
    type: "observer",
    options: {},
    start: {},
    request: (position) => (position["second"] === true ? (planned ?? {}) : own.request(own.start)),
    ...(select && { select: (_, body) => (path ??= select(body)) }),
    next: (_, { body, records, ...rest }) => {
      const exchange = {
        ...rest,
        body: withoutBigIntegers(body).value,
        records: withoutBigIntegers(records).value,
      };
      exchanges.push(exchange);
      statuses.push(transport.lastStatus());
      if (exchanges.length === 1 && isSplit && exchange.records.length === 0) {
        // The next parent may have children.
        path = undefined;
        isSkipped = true;
        return { stop: "empty_page" };
      }
      if (exchanges.length === 1 || isSkipped) planned = plan(exchange);
      return exchanges.length === 1 && planned ? { next: { second: true } } : { stop: "single_page" };
    },
  };
  return {
    paginator,
    exchanges,
    isDone: () => exchanges.length > 1 || (!planned && !isSkipped),
    observed: () => (isSkipped && exchanges.length > 1 ? exchanges.slice(1) : exchanges),
    skipped: () => (isSkipped && exchanges.length > 1 ? 1 : 0),
    status: () => statuses[isSkipped && statuses.length > 1 ? 1 : 0],
  };
}
