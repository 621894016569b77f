// The types of the mock server that apps use. They need neither Node's types nor those of the DOM.
import type { JsonIr } from "../ir/source-ir.js";
import type { FaultSpec } from "./faults.js";

/** Options of `startMock`. */
export interface MockOptions {
  /** Port on 127.0.0.1; 0 selects a free port. Default: 0. */
  readonly port?: number | undefined;
  /** Records per resource. Default: 1000. */
  readonly records?: number | undefined;
  /** Delay before each response, in milliseconds. Default: 0. */
  readonly latency?: number | undefined;
  /** Faults to inject before successful responses, see `parseFaults`. Default: none. */
  readonly faults?: readonly FaultSpec[] | undefined;
  /** Seed of the generated records. Default: 1. */
  readonly seed?: number | undefined;
  /** Expected values of secrets by name. Other secrets accept any value that is not empty. */
  readonly secrets?: Secrets | undefined;
  /** Changes the records of a resource, as if the API's data had changed since the last run. Default: none. */
  readonly edit?: EditRecords | undefined;
  /** Called once per resource whose generated records do not match its schema, with a message. */
  readonly onMismatch?: ((message: string) => void) | undefined;
  /** Called after each request, with masked credentials. */
  readonly onRequest?: ((request: MockRequest) => void) | undefined;
}

/** A running mock server. */
export interface Mock {
  /** Base URL of the first source, for the `baseUrl` option of its client. */
  readonly url: string;
  /** Base URLs of all sources by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Returns the number of requests, pages, records and faults so far. */
  stats(): MockStats;
  /** Returns the number of records of a resource. */
  expected(source: string, resource: string): number;
  /** Returns the record at an index of a resource. */
  record(source: string, resource: string, index: number): JsonIr;
  /** Closes all connections and frees the port. */
  close(): Promise<void>;
}

/** Expected values of secrets by the name in `{secrets.name}`. */
export type Secrets = Readonly<Record<string, string>>;

/** The records of one resource. */
export interface RecordList {
  readonly source: string;
  readonly resource: string;
  /** Number of records. */
  readonly count: number;
  /** Returns the record at an index, from 0. A generated list also has records beyond `count`. */
  readonly record: (index: number) => JsonIr;
}

/** Returns the records that the mock serves instead of the generated ones. */
export type EditRecords = (list: RecordList) => Pick<RecordList, "count" | "record">;

/** A request and its outcome. */
export interface MockRequest {
  readonly method: string;
  /** Path and query with masked credentials. */
  readonly url: string;
  /** Status of the response; absent if the connection ended without one. */
  readonly status?: number;
  /** Injected fault, such as `429:1`. */
  readonly fault?: string;
}

/** Counts of one resource. */
export interface ResourceStats {
  /** Requests for the resource, with any response. */
  readonly requests: number;
  /** Complete pages. */
  readonly pages: number;
  /** Records on those pages. */
  readonly records: number;
  /** Injected faults. */
  readonly faults: number;
}

/** Counts by source, then by resource. */
export type MockStats = Readonly<Record<string, Readonly<Record<string, ResourceStats>>>>;
