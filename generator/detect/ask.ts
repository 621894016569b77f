import {
  createReader,
  isConnectorError,
  type ClientOptions,
  type JsonValue,
  type Resource,
  type Source,
} from "@connector-gen/runtime";
import type { Exchange, PageRequest, Paginator, ResourceShape } from "@connector-gen/runtime/plugin";
import type { Path } from "@connector-gen/runtime/kinds";

import type { Second } from "./paging.js";
import type { Wire } from "./wire.js";

/** One resource of a live source, and who decides what is asked for. */
export interface Question {
  readonly source: Source;
  readonly resource: ResourceShape;
  readonly options: ClientOptions & Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly wire: Wire;
  /** Finds the records of a body, where the spec does not say where they are; `[]` is the whole body. */
  readonly select?: (body: unknown) => Path;
  /** What the second request asks for, if there is to be one. */
  readonly plan: (first: Exchange) => PageRequest | undefined;
}

/** What one or two requests for a resource brought. */
export interface Answered {
  readonly method: string;
  /** Secrets are redacted. */
  readonly url: string;
  readonly status: number | undefined;
  readonly first: Exchange;
  readonly second?: Second;
  /** The records of all pages as they are handed on: shaped, but for hooks. */
  readonly records: readonly unknown[];
}

/** Asks at most twice. Throws the runtime's errors where the first page cannot be read. */
export async function ask(question: Question): Promise<Answered> {
  const { source, resource, params, wire } = question;
  const probe = createProbe(question);
  const requests: { method: string; url: string; status?: number | undefined }[] = [];
  wire.begin();
  const reader = createReader(withFirstPages(source), {
    ...question.options,
    ...transportOf(question),
    concurrency: 1,
    retry: { maxRetries: 0 },
    onEvent: (event) => {
      if (event.type === "request" && event.resource === resource.name)
        requests.push({ method: event.method, url: event.url });
    },
  });
  const records: unknown[] = [];
  let second: Second | undefined;
  try {
    const target = { ...resource, paginator: probe.paginator } as Resource<unknown, object>;
    for await (const page of reader.read(target, params, { maxPages: 2 }).pages()) {
      // A second page that repeats the first one says nothing about keys.
      const known = new Set(records.map((record) => JSON.stringify(record)));
      records.push(...page.records.filter((record) => !known.has(JSON.stringify(record))));
      if (probe.isDone()) break;
    }
  } catch (error) {
    if (probe.exchanges.length === 0) throw error;
    if (probe.exchanges.length === 1) second = toSecond(error);
  }
  const [exchange, next] = probe.ordered();
  if (!exchange) throw new Error("its parents have no records: there is nothing to ask for");
  const [request = { method: resource.method ?? "GET", url: exchange.url }] = requests.slice(probe.skipped());
  if (next) second = { exchange: next };
  return { ...request, status: probe.status(), first: exchange, ...(second && { second }), records };
}

function toSecond(error: unknown): Second {
  if (!isConnectorError(error)) return { failure: error instanceof Error ? error.message : String(error) };
  return error.status === undefined
    ? { failure: `the second request failed (${error.code})` }
    : { status: error.status };
}

/** `fetch` refuses a body with GET: then the runtime's own transport has to do, which keeps nothing. */
function transportOf({ wire, resource }: Question): ClientOptions {
  const isRefused = /^(GET|HEAD)$/.test(resource.method ?? "GET") && resource.body !== undefined;
  return isRefused && !wire.transport.sendsBodyWithGet ? {} : { transport: wire.transport };
}

/** Of parents, the first page is all that is read. */
function withFirstPages(source: Source): Source {
  const resources = Object.entries(source.resources).map(([name, resource]) => {
    const paginator: Paginator = { ...resource.paginator, next: () => ({ stop: "single_page" }) };
    return [name, { ...resource, paginator }] as const;
  });
  return { ...source, resources: Object.fromEntries(resources) };
}

/** A paginator that hands out what it sees. */
interface Probe {
  readonly paginator: Paginator;
  readonly exchanges: readonly Exchange[];
  readonly isDone: () => boolean;
  /** The first page that has records, and the one after it. */
  readonly ordered: () => readonly Exchange[];
  /** How many pages before it were empty: of parents without children. */
  readonly skipped: () => number;
  readonly status: () => number | undefined;
}

function createProbe({ resource, select, plan, wire }: Question): Probe {
  const exchanges: Exchange[] = [];
  const statuses: (number | undefined)[] = [];
  const isSplit = resource.plan !== undefined;
  let path: Path | undefined;
  let planned: PageRequest | undefined;
  let isSkipped = false;
  const own = resource.paginator;
  const paginator: Paginator = {
    type: "probe",
    options: {},
    start: {},
    request: (position) => (position["second"] === true ? (planned ?? {}) : own.request(own.start)),
    ...(select && { select: (_, body) => (path ??= select(body)) }),
    next: (_, exchange) => {
      exchanges.push(exchange);
      statuses.push(wire.status());
      if (exchanges.length === 1 && isSplit && exchange.records.length === 0) {
        // The next parent may have some.
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
    ordered: () => (isSkipped && exchanges.length > 1 ? exchanges.slice(1) : exchanges),
    skipped: () => (isSkipped && exchanges.length > 1 ? 1 : 0),
    status: () => statuses[isSkipped && statuses.length > 1 ? 1 : 0],
  };
}
