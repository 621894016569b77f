import {
  createReader,
  isConnectorError,
  type ClientOptions,
  type JsonValue,
  type Resource,
  type Source,
} from "@connector-gen/runtime";
import type {
  Exchange,
  PageRequest,
  Paginator,
  ResourceShape,
  Selector,
} from "@connector-gen/runtime/plugin";
import { messageOf } from "../spec/wording.js";
import { withoutBigIntegers } from "./big-integers.js";
import type { RecordingTransport } from "./recording-transport.js";
import type { Ask, SecondResult } from "./second-page.js";

/** A resource to probe and the function that finds its records. */
export interface ProbeOptions {
  readonly source: Source;
  readonly resource: ResourceShape;
  readonly options: ClientOptions & Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly transport: RecordingTransport;
  /** Returns the selector of the records of a body if the spec has none; `[]` is the whole body. */
  readonly select?: (body: unknown) => Selector;
  /** Returns a paginator with the spec's `next`, the request of every page but the first, with or without a body. */
  readonly next: (paginator: Paginator, hasBody: boolean) => Paginator;
  /** Whether only the first page can be requested. */
  readonly isReplay: boolean;
}

/** The first page of a resource, and a way to request others. */
export interface Probe {
  readonly method: string;
  /** Request URL with redacted secrets. */
  readonly url: string;
  readonly status: number | undefined;
  readonly first: Exchange;
  /** Requests another page, within the limit of requests per resource. */
  readonly ask: Ask;
  /** Different records of all pages so far, after declarative shaping, without hooks. */
  readonly records: () => readonly unknown[];
  /** Different records of all pages so far, as the API sends them; large integers are `bigint`. */
  readonly samples: () => readonly unknown[];
  /** A field of the records with an integer beyond 2^53. */
  readonly bigInteger: () => string | undefined;
  /** Requests the children of two parents. Resolves to one list per parent, or to the first list if no request is left. */
  readonly childrenByParent: () => Promise<readonly (readonly unknown[])[]>;
}

/** Maximum number of requests for one resource, not counting those for parents without children. */
const maxRequests = 8;

/** Maximum number of parents without children to skip. */
const maxEmptyParents = 10;

/** The state that all reads of a probe share. */
interface State {
  readonly records: Map<string, unknown>;
  readonly samples: Map<string, unknown>;
  bigInteger?: string;
  selector?: Selector;
}

/** Requests the first page of a resource. Throws the runtime's errors if it cannot be read. */
export async function probeResource(probe: ProbeOptions): Promise<Probe> {
  const state: State = { records: new Map(), samples: new Map() };
  probe.transport.reset();
  const { first, request, status, error } = await read(probe, state, { planned: undefined, parents: 1 });
  if (!first) throw error ?? new Error("its parents have no records, so there is no request to send");
  // A response that is not recorded would be requested again before each page.
  let left = probe.isReplay ? 0 : isRecorded(probe) ? maxRequests - 1 : 1;
  const ask: Ask = async (planned) => {
    if (left === 0) return undefined;
    left -= 1;
    const { second, error: failure } = await read(probe, state, { planned, parents: 1 });
    return second ? { exchange: second } : toSecondResult(failure);
  };
  return {
    ...request,
    status,
    first,
    ask,
    records: () => [...state.records.values()],
    samples: () => [...state.samples.values()],
    bigInteger: () => state.bigInteger,
    childrenByParent: async () => {
      if (left === 0) return [first.records];
      left -= 1;
      return (await read(probe, state, { planned: undefined, parents: 2 })).pages;
    },
  };
}

/** The pages that one read requests. */
interface PagesToRead {
  /** The page after the first one. */
  readonly planned: PageRequest | undefined;
  /** Without a planned page: the number of parents whose first page of children is read. */
  readonly parents: number;
}

/** The result of one read. */
interface ReadResult {
  /** The records of each page that has some. */
  readonly pages: readonly (readonly unknown[])[];
  readonly first: Exchange | undefined;
  readonly second: Exchange | undefined;
  readonly status: number | undefined;
  readonly request: { readonly method: string; readonly url: string };
  readonly error?: Error;
}

/** Reads the first page, and then the planned one. The transport replays the responses that it has recorded. */
async function read(probe: ProbeOptions, state: State, pagesToRead: PagesToRead): Promise<ReadResult> {
  const { source, resource, params } = probe;
  const observer = createObserver(probe, state, pagesToRead);
  const pages: (readonly unknown[])[] = [];
  const requests: { method: string; url: string }[] = [];
  const reader = createReader(withFirstPages(source), {
    ...probe.options,
    ...(isRecorded(probe) && { transport: probe.transport }),
    concurrency: 1,
    readAhead: false,
    retry: { maxRetries: 0 },
    onEvent: (event) => {
      if (event.type === "request" && event.resource === resource.name)
        requests.push({ method: event.method, url: event.url });
    },
  });
  let error: Error | undefined;
  try {
    const exact = { ...resource, bigIntegers: "bigint", paginator: observer.paginator } as const;
    const target = exact as Resource<unknown, object>;
    for await (const page of reader.read(target, params, { maxPages: maxEmptyParents + 2 }).pages()) {
      const plain = withoutBigIntegers(page.records);
      if (plain.field !== undefined) state.bigInteger ??= plain.field;
      // Repeated records would make every key look ambiguous.
      for (const record of plain.value) state.records.set(JSON.stringify(record), record);
      if (plain.value.length > 0) pages.push(plain.value);
      if (observer.isDone()) break;
    }
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  const { exchanges, skipped, status } = observer.seen();
  const [first, second] = exchanges;
  const request = requests[skipped] ?? { method: resource.method ?? "GET", url: first?.url ?? "" };
  return { pages, first, second, status, request, ...(error && { error }) };
}

function toSecondResult(error: unknown): SecondResult {
  if (!isConnectorError(error)) return { failure: messageOf(error) };
  return error.status === undefined
    ? { failure: `the second request failed (${error.code})` }
    : { status: error.status };
}

/**
 * Whether the recording transport sends the request. `fetch` rejects a GET request with a body, so the runtime's default
 * transport sends it.
 */
function isRecorded({ transport, resource }: ProbeOptions): boolean {
  const isRejected = /^(GET|HEAD)$/.test(resource.method ?? "GET") && resource.body !== undefined;
  return !isRejected || transport.sendsBodyWithGet === true;
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
  readonly isDone: () => boolean;
  readonly seen: () => {
    /** The first page with records, or the last empty one, and the planned page. */
    readonly exchanges: readonly Exchange[];
    /** Number of empty pages before them, from parents without children. */
    readonly skipped: number;
    readonly status: number | undefined;
  };
}

function createObserver(
  { resource, select, transport, next }: ProbeOptions,
  state: State,
  { planned, parents }: PagesToRead,
): Observer {
  const isSplit = resource.plan !== undefined;
  const own = resource.paginator;
  let first: Exchange | undefined;
  let second: Exchange | undefined;
  let status: number | undefined;
  let pages = 0;
  let parentsRead = 0;
  let isDone = false;
  const paginator: Paginator = {
    type: "observer",
    options: {},
    start: {},
    request: (position) => (position["planned"] === true ? (planned ?? {}) : own.request(own.start)),
    ...(select && { select: (_, body) => (state.selector ??= select(body)) }),
    next: (position, { body, records, ...rest }) => {
      const exchange = {
        ...rest,
        body: withoutBigIntegers(body).value,
        records: withoutBigIntegers(records).value,
      };
      exchange.records.forEach((record, index) => state.samples.set(JSON.stringify(record), records[index]));
      if (position["planned"] === true) {
        second = exchange;
        isDone = true;
        return { stop: "single_page" };
      }
      first = exchange;
      status = transport.lastStatus();
      pages += 1;
      if (isSplit && records.length === 0 && pages <= maxEmptyParents) {
        // The records of the next parent may be elsewhere in the body.
        if (parentsRead === 0) delete state.selector;
        return { stop: "empty_page" };
      }
      parentsRead += 1;
      isDone = planned === undefined && (parentsRead >= parents || pages > maxEmptyParents);
      return planned ? { next: { planned: true } } : { stop: "single_page" };
    },
  };
  const seen: Observer["seen"] = () => ({
    exchanges: [...(first ? [first] : []), ...(second ? [second] : [])],
    skipped: Math.max(0, pages - 1),
    status,
  });
  const hasBody = Object.keys(planned?.body ?? {}).length > 0;
  return { paginator: next(paginator, hasBody), isDone: () => isDone, seen };
}
