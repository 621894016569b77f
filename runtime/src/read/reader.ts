import { checkClientOptions } from "../client/check-options.js";
import { createClient, type Client } from "../client/client.js";
import type { ClientOptions, ReadOptions } from "../client/options.js";
import type { Params } from "../client/template.js";
import type { Resource, Source } from "../descriptor.js";
import { ConnectorError } from "../errors.js";
import { createRecordStream, type RecordStream } from "./record-stream.js";

/** The key of the reader in a generated client. */
export const readerKey: unique symbol = Symbol.for("connector-gen.reader");

/** The part of a generated client that tools use: `client[readerKey]` reads any of its resources. */
export interface GeneratedClient {
  readonly [readerKey]: Reader;
}

/** Reads the resources of one source. */
export interface Reader {
  /** The source as data, with all its resources. */
  readonly source: Source;
  /** Returns the records of a resource. Sends no request until the stream is iterated. */
  read<R, P>(resource: Resource<R, P>, params?: P, options?: ReadOptions): RecordStream<R>;
}

/**
 * Creates the reader of a generated client. `options` also contains the client's secrets and config values, under the
 * names in `source.options`. Throws a `ConnectorError` for an unknown or invalid option.
 */
export function createReader(source: Source, options: ClientOptions): Reader {
  const client = open(source, options);
  return {
    source,
    // In JavaScript, an empty object may precede the options of a resource without parameters.
    read: (resource, params, ...[read, last]: readonly (ReadOptions | undefined)[]) =>
      createRecordStream({
        client,
        resource,
        params: (last ? (read as Params) : params) ?? {},
        options: last ?? read ?? {},
      }),
  };
}

function open(source: Source, options: ClientOptions): Client {
  try {
    return createClient(source, checkClientOptions(options, source));
  } catch (error) {
    throw ConnectorError.from(error, { source: source.name }, (text) => text);
  }
}
