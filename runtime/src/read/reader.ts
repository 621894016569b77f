import { createClient } from "../client/client.js";
import type { Resource, Source } from "../descriptor.js";
import type { ClientOptions, ReadOptions } from "../client/options.js";
import { createRecordStream, type RecordStream } from "./record-stream.js";

/** Reads the resources of one source. */
export interface Reader {
  /** The records of a resource; nothing is requested until the stream is iterated. */
  read<R, P>(resource: Resource<R, P>, params?: P, options?: ReadOptions): RecordStream<R>;
}

/** The reader behind a generated client. The options hold its secrets too, under the names that the source gives. */
export function createReader(source: Source, options: ClientOptions): Reader {
  const client = createClient(source, options);
  return {
    read: (resource, params, readOptions = {}) =>
      createRecordStream({ client, resource, params: params ?? {}, options: readOptions }),
  };
}
