import type { Checkpoint, ReadState } from "../checkpoint.js";
import type { Params } from "../client/template.js";
import type { ResourceShape, Source } from "../descriptor.js";
import { ConnectorError, ReadFailure, type Clean } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { Plan } from "../plans/plan.js";
import type { Query } from "../select/path.js";
import { hash } from "./guards.js";

/** Identifies the read to which a checkpoint belongs. */
export type ReadIdentity = Required<Pick<Checkpoint, "source" | "resource" | "fingerprint">> &
  Pick<Checkpoint, "params">;

/**
 * Returns the identity of a read with these parameters. Secrets in parameters are redacted, because checkpoints contain
 * none.
 */
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
 * Identifies everything on which positions of a resource depend: its requests, its selector and those of its parents.
 * Descriptions, headers, credentials and transformations are excluded, except for a parent's transformations, because they
 * determine its children.
 */
function fingerprint(source: Source, resource: ResourceShape): string {
  const own = [source.baseUrl, ...requestKeys.map((key) => resource[key])];
  const parents = (resource.plan?.parts ?? []).flatMap(({ parent = "" }) => {
    const shape = source.resources[parent];
    return shape ? [fingerprint(source, shape), shape.shape] : [];
  });
  return hash(JSON.stringify([own, parents], toData)).toString(36);
}

/** Replaces a selector that is a query with its text, because JSON omits functions. */
function toData(_: string, value: unknown): unknown {
  const { run, join } = Object(value) as Partial<Query>;
  return run && join ? join(".") : value;
}

/** Returns a hash of the part of a checkpoint that only a read creates. The order of keys does not matter. */
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

/** Whether a value has the form of a checkpoint and is unchanged since its creation. */
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

/** Whether a state has the form that a read expects. */
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
 * Returns the checkpoint to continue from: the given one, or a complete one merged with its deltas. If the resource has
 * changed since then, the position is removed, so the read starts again with the checkpoint's state.
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

/** Throws unless a checkpoint belongs to the read and is unedited. */
function checkBelongs(from: Checkpoint, read: ReadIdentity, clean: Clean): void {
  let isForeign = false;
  let isValid = false;
  try {
    // A secret may not have been known when the checkpoint was created.
    isForeign = toText({ ...from, params: hideSecrets(from.params ?? {}, clean) }) !== toText(read);
    isValid = isIntact(from);
  } catch {
    // The checkpoint is nested too deeply, or contains itself.
  }
  if (!isValid)
    throw new ReadFailure(ConnectorError, "CHECKPOINT_INVALID", "`from` must be an unchanged checkpoint");
  if (isForeign)
    throw new ReadFailure(
      ConnectorError,
      "CHECKPOINT_MISMATCH",
      "`from` belongs to another source, resource or set of parameters",
    );
}

/** Returns a text for comparison: keys in a fixed order, without parameters that are `null`. */
function toText({ source, resource, params }: Pick<Checkpoint, "source" | "resource" | "params">): string {
  const given = Object.entries(params ?? {}).filter(([, value]) => value != null);
  return JSON.stringify([source, resource, given.sort()]);
}

/** Returns a copy of a value without secrets. */
function hideSecrets<T>(value: T, clean: Clean): T {
  const replace = (_: string, inner: unknown): unknown => (typeof inner === "string" ? clean(inner) : inner);
  return JSON.parse(JSON.stringify(value), replace) as T;
}
