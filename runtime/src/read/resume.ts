import type { Checkpoint, ReadState } from "../checkpoint.js";
import type { Params } from "../client/template.js";
import type { ResourceShape, Source } from "../descriptor.js";
import { ConnectorError, ReadFailure, type Clean } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { Plan } from "../plans/plan.js";
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

/** The part of a checkpoint that only a read creates, as a short text, whatever the order of its keys. */
export function digestOf({
  fingerprint,
  page,
  after,
  position,
  state,
}: Pick<Checkpoint, "fingerprint" | "page" | "after" | "position" | "state">): string {
  return hash(JSON.stringify([fingerprint, page, after, position, state], sortKeys)).toString(36);
}

function sortKeys(_: string, value: unknown): unknown {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it has the form of a checkpoint, and the content with which it was created. */
function isIntact(from: Checkpoint): boolean {
  const { page, position, fingerprint = "", params = {}, state = {}, digest } = from;
  return (
    Number.isInteger(page) &&
    page >= 0 &&
    (position === null || isObject(position)) &&
    isObject(params) &&
    isObject(state) &&
    typeof fingerprint === "string" &&
    // Only checkpoints of version 0.1 have neither a fingerprint nor a digest.
    (digest === undefined ? !fingerprint && hasEntries(state) : digest === digestOf(from))
  );
}

/** Whether a state has the form of one: what a read takes from it can then be used. */
function hasEntries({ sequences = {}, parent }: ReadState): boolean {
  const areHashes = (hashes: unknown): boolean =>
    hashes === undefined || (Array.isArray(hashes) && hashes.every((hash) => typeof hash === "string"));
  const entries = isObject(sequences) && Object.values(sequences);
  return (
    entries &&
    entries.every((entry) => isObject(entry) && areHashes(entry["hashes"])) &&
    (!parent || isIntact(parent))
  );
}

/**
 * Returns the checkpoint to continue from: the one given, or a complete one and its deltas in one. If the resource has changed
 * since, the position is of no use: the result has none, so that the read starts again with the checkpoint's state.
 */
export function resumeFrom(
  given: Checkpoint | readonly Checkpoint[],
  read: ReadIdentity,
  { plan, clean }: { readonly plan?: Plan | undefined; readonly clean: Clean },
): Checkpoint | undefined {
  const list = [given].flat() as readonly Checkpoint[];
  for (const checkpoint of list) checkBelongs(checkpoint, read, clean);
  const from = plan?.merge ? plan.merge(list) : list.at(-1);
  return from && from.fingerprint !== read.fingerprint ? { ...from, page: 0, position: null } : from;
}

/** Checks that a checkpoint belongs to a read, and that nobody has edited it. */
function checkBelongs(from: Checkpoint, read: ReadIdentity, clean: Clean): void {
  let isForeign = false;
  let isValid = false;
  try {
    // A secret may not have been known when the checkpoint was made.
    isForeign = toText({ ...from, params: hideSecrets(from.params ?? {}, clean) }) !== toText(read);
    isValid = isIntact(from);
  } catch {
    // It is nested too deeply, or in itself.
  }
  if (!isForeign && isValid) return;
  throw isForeign
    ? new ReadFailure(
        ConnectorError,
        "CHECKPOINT_MISMATCH",
        "`from` belongs to another source, resource or set of parameters",
      )
    : new ReadFailure(
        ConnectorError,
        "CHECKPOINT_INVALID",
        "`from` has been edited: pass a checkpoint as it was stored",
      );
}

/** Compares what the caller gave: keys in any order, without parameters that are `null`. */
function toText({ source, resource, params }: Pick<Checkpoint, "source" | "resource" | "params">): string {
  const given = Object.entries(params ?? {}).filter(([, value]) => value != null);
  return JSON.stringify([source, resource, given.sort()]);
}

/** A copy of a value whose texts hold no secrets. */
function hideSecrets<T>(value: T, clean: Clean): T {
  const replace = (_: string, inner: unknown): unknown => (typeof inner === "string" ? clean(inner) : inner);
  return JSON.parse(JSON.stringify(value), replace) as T;
}
