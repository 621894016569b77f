import type { Checkpoint } from "../checkpoint.js";
import type { Params } from "../client/template.js";
import type { ResourceShape, Source } from "../descriptor.js";
import { ConnectorError, ReadFailure, type Clean } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { Query } from "../select/path.js";
import { hash } from "./guards.js";

/** The read that a checkpoint belongs to. */
export type ReadIdentity = Required<Pick<Checkpoint, "source" | "resource" | "fingerprint">> &
  Pick<Checkpoint, "params">;

/** The identity of a read with these parameters. Its checkpoints do not hold secrets: not even those in parameters. */
export function identify(
  source: Source,
  resource: ResourceShape,
  { params, clean }: { readonly params: Params; readonly clean: Clean },
): ReadIdentity {
  return {
    source: source.name,
    resource: resource.name,
    fingerprint: fingerprint(source, resource),
    ...(Object.keys(params).length > 0 && { params: hideSecrets(params, clean) as JsonObject }),
  };
}

const requestKeys = [
  "method",
  "path",
  "params",
  "query",
  "encode",
  "body",
  "decode",
  "select",
  "paginator",
  "plan",
] as const;

/**
 * Identifies everything that positions of a resource depend on: its requests, its selector and those of its parents. A
 * description, a header, credentials and transformations do not count; only a parent's transformations do, because they
 * decide about its children.
 */
function fingerprint(source: Source, resource: ResourceShape): string {
  const own = [source.baseUrl, ...requestKeys.map((key) => resource[key])];
  const parents = (resource.plan?.parts ?? []).flatMap(({ parent = "" }) => {
    const shape = source.resources[parent];
    return shape ? [fingerprint(source, shape), shape.shape] : [];
  });
  return hash(JSON.stringify([own, parents], toData)).toString(36);
}

/** A selector that is a query shows itself only as text. */
function toData(_: string, value: unknown): unknown {
  const { run, join } = Object(value) as Partial<Query>;
  return run && join ? join(".") : value;
}

/**
 * Checks that a checkpoint belongs to a read. If the resource has changed since, the position is of no use: the result
 * has none, so that the read starts again with the checkpoint's state.
 */
export function resumeFrom(from: Checkpoint, read: ReadIdentity, clean: Clean): Checkpoint {
  // A secret may not have been known when the checkpoint was made.
  if (toText({ ...from, params: hideSecrets(from.params ?? {}, clean) }) !== toText(read)) {
    const message = "`from` belongs to another source, resource or set of parameters";
    throw new ReadFailure(ConnectorError, "CHECKPOINT_MISMATCH", message);
  }
  return from.fingerprint === read.fingerprint ? from : { ...from, page: 0, position: null };
}

/** Compares what the caller gave: keys in any order, without parameters that are `null`. */
function toText({
  source,
  resource,
  params = {},
}: Pick<Checkpoint, "source" | "resource" | "params">): string {
  const given = Object.entries(params).filter(([, value]) => value != null);
  return JSON.stringify([source, resource, given.sort()]);
}

/** A copy of a value whose texts hold no secrets. */
function hideSecrets<T>(value: T, clean: Clean): T {
  const replace = (_: string, inner: unknown): unknown => (typeof inner === "string" ? clean(inner) : inner);
  return JSON.parse(JSON.stringify(value), replace) as T;
}
