import { ConnectorError, type Place } from "../errors.js";
import type { Run } from "./session.js";

/** What a run throws: see `ConnectorError.from`. */
export function toError({ client, read }: Run, error: unknown, place: Partial<Place>): unknown {
  return ConnectorError.from(
    error,
    { source: read.source, resource: read.resource, ...place },
    client.redactor.clean,
  );
}
