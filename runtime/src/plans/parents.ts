import type { Checkpoint } from "../read/checkpoint.js";
import { ConnectorError, Fault } from "../errors.js";
import type { JsonValue } from "../json.js";
import { limitedSteps } from "../limit/limits.js";
import { readPages } from "../read/pages.js";
import type { Part, Slot, SplitContext } from "./plan.js";
import { select, type Selector } from "../select/path.js";
import { steps } from "../read/steps.js";
import { toText } from "../client/template.js";

/** What a resource takes from the records of another. */
export interface ParentsOptions {
  /** The parent's name in the source. */
  readonly parent: string;
  /** Placeholders, and where their values are in a parent's record: `{ "resources.users.id": ["id"] }`. */
  readonly values: Readonly<Record<string, Selector>>;
  /** Parameters of the method, and the placeholder that each stands in for: given them, no parent is read. */
  readonly params?: Readonly<Record<string, string>>;
  /** One request for so many parents, their values joined. */
  readonly batch?: { readonly size: number; readonly join: string };
}

/** Reads once for every record of the parent. */
export function parents(options: ParentsOptions): Part {
  return { type: "parents", options, split: (context) => splitByParents(options, context) };
}

async function* splitByParents(
  options: ParentsOptions,
  context: SplitContext,
): AsyncGenerator<Slot, void, undefined> {
  const given = givenValues(options, context);
  if (given) {
    yield given;
    return;
  }
  const { size = 1, join } = options.batch ?? {};
  let batch: Found[] = [];
  for await (const found of readParents(options, context)) {
    batch.push(found);
    if (batch.length < size) continue;
    yield toSlot(batch, join);
    batch = [];
  }
  if (batch.length > 0) yield toSlot(batch, join);
}

/** A parent's values, and where its record stands: so many behind a checkpoint. */
interface Found {
  readonly values: Readonly<Record<string, JsonValue>>;
  readonly before: Checkpoint | undefined;
  readonly skip: number;
}

/** The values that the caller gives in place of a parent; all or none. */
function givenValues({ params = {} }: ParentsOptions, { run }: SplitContext): Slot | undefined {
  const names = Object.keys(params);
  const missing = names.filter((name) => run.params[name] == null);
  if (names.length === 0 || missing.length === names.length) return undefined;
  if (missing.length > 0) {
    const message = `\`${missing.join("`, `")}\` must be given too: ${names.join(", ")} name one parent together`;
    throw new Fault(ConnectorError, "INVALID_PARAMS", message);
  }
  const values = Object.fromEntries(names.map((name) => [params[name] ?? "", run.params[name] ?? null]));
  return { values, key: Object.values(values), place: {} };
}

async function* readParents(
  { parent, values }: ParentsOptions,
  { run, resume, before, ends }: SplitContext,
): AsyncGenerator<Found, void, undefined> {
  const { client, options, signal, seats } = run;
  const resource = client.source.resources[parent];
  if (!resource)
    throw new Fault(ConnectorError, "INVALID_OPTIONS", `the source has no resource \`${parent}\``);
  const { headers, concurrency, onEvent } = options;
  let last = (resume?.["before"] as Checkpoint | undefined) ?? before.parent;
  let skip = Number(resume?.["skip"] ?? 0);
  const pages = readPages({
    client,
    resource,
    params: {},
    options: {
      signal,
      ...(headers && { headers }),
      ...(concurrency !== undefined && { concurrency }),
      ...(onEvent && { onEvent }),
      ...(last && { from: last }),
    },
    seats,
    [steps]: limitedSteps,
  });
  for await (const { records, checkpoint } of pages) {
    for (; skip < records.length; skip++)
      yield { values: valuesOf(records[skip], values, parent), before: last, skip };
    skip = Math.max(0, skip - records.length);
    last = checkpoint;
    ends.parent = checkpoint;
  }
}

function valuesOf(
  record: unknown,
  selectors: ParentsOptions["values"],
  parent: string,
): Readonly<Record<string, JsonValue>> {
  const entries = Object.entries(selectors).map(([name, selector]) => {
    const value = select(selector, record)?.[0] as JsonValue | undefined;
    if (value !== undefined) return [name, value] as const;
    const has = Object.keys(Object(record) as object)
      .slice(0, 8)
      .join(", ");
    const message = `a record of \`${parent}\` has no \`${selector.join(".")}\` (it has: ${has})`;
    throw new Fault(ConnectorError, "PARENT_VALUE_MISSING", message);
  });
  return Object.fromEntries(entries);
}

function toSlot(batch: readonly Found[], join: string | undefined): Slot {
  const [first] = batch;
  const { values = {}, before, skip = 0 } = first ?? {};
  const joined = Object.keys(values).map((name) => {
    const all = batch.map((found) => found.values[name] ?? null);
    return [name, join === undefined ? (all[0] ?? null) : all.map(toText).join(join)] as const;
  });
  return {
    values: Object.fromEntries(joined),
    key: joined.map(([, value]) => value),
    place: { skip, ...(before && { before: before as never }) },
  };
}
