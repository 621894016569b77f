import type { Destination } from "../destination.js";
import { SyncError } from "../errors.js";
import { duckdb } from "./duckdb.js";
import { jsonl, parquet } from "./files.js";
import { postgres } from "./postgres.js";
import { withoutPassword } from "./postgres-url.js";

/** Returns the destination of a URL. Throws a `SyncError` if its scheme is unknown. */
export function toDestination(to: string | Destination): Destination {
  if (typeof to !== "string") return to;
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(to) ?? [];
  const create = kinds[scheme];
  if (create && rest) return create(rest, to);
  const message = `unknown destination \`${withoutPassword(to)}\`: use \`duckdb:FILE\`, \`postgres://…\`, \`jsonl:FOLDER\` or \`parquet:FOLDER\``;
  throw new SyncError("INVALID_OPTIONS", message);
}

const kinds: Readonly<Record<string, (rest: string, url: string) => Destination>> = {
  duckdb,
  jsonl,
  parquet,
  postgres: (_, url) => postgres(url),
  postgresql: (_, url) => postgres(url),
};
