import type { Checkpoint } from "../checkpoint.js";
import { ConnectorError, ReadFailure, foreign } from "../errors.js";
import { toPlain } from "../exact-json.js";
import { toText, type JsonValue } from "../json.js";
import { defineKind, type Kind } from "../kind.js";
import { printSelector, select, type Path, type Selector } from "../select/path.js";
import type { Partition, SplitContext, Splitter } from "./plan.js";

/** The values that a resource uses from the records of its parent. */
export interface ParentsOptions {
  /** The parent's name in the source. */
  readonly parent: string;
  /** Placeholders, and the selectors of their values in a parent's record: `{ "resources.users.id": ["id"] }`. */
  readonly values: Readonly<Record<string, Selector>>;
  /** Parameters of the method, and the placeholder that each replaces. If the caller passes them, no parent is read. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /**
   * A list in the parent's record: one read per item. The selectors of the item's values begin with its path:
   * `["members"]`, and `["members", "[*]", "id"]`.
   */
  readonly each?: Path | undefined;
  /** One request for several parents, with their values joined. */
  readonly batch?: { readonly size: number | undefined; readonly join: string } | undefined;
}

/** Reads once for every record of the parent. */
export function parents(options: ParentsOptions): Splitter {
  return {
    type: "parents",
    options,
    parent: options.parent,
    split: (context) => splitByParents(options, context),
  };
}

async function* splitByParents(
  options: ParentsOptions,
  context: SplitContext,
): AsyncGenerator<Partition, void, undefined> {
  const given = givenValues(options, context);
  if (given) {
    yield given;
    return;
  }
  const { size = 1, join } = options.batch ?? {};
  let batch: Parent[] = [];
  for await (const parent of readParents(options, context)) {
    batch.push(parent);
    if (batch.length < size) continue;
    yield toPartition(batch, join);
    batch = [];
  }
  if (batch.length > 0) yield toPartition(batch, join);
}

/** A parent's values, and the position of its record: a checkpoint, and the number of records after it. */
interface Parent {
  readonly values: Readonly<Record<string, JsonValue>>;
  readonly before: Checkpoint | undefined;
  readonly skip: number;
  /** The index of the item in the list of the record. */
  readonly item: number;
}

/** Returns the values that the caller passes instead of a parent: all or none. */
function givenValues(
  { params = {} }: ParentsOptions,
  { params: passed }: SplitContext,
): Partition | undefined {
  const names = Object.keys(params);
  const missing = names.filter((name) => passed[name] == null);
  if (names.length === 0 || missing.length === names.length) return undefined;
  if (missing.length > 0) {
    const message = `\`${missing.join("`, `")}\` is missing: ${names.join(", ")} name one parent together`;
    throw new ReadFailure(ConnectorError, "INVALID_PARAMS", message);
  }
  const values = Object.fromEntries(names.map((name) => [params[name] ?? "", passed[name] ?? null]));
  return { values, key: Object.values(values), resume: {} };
}

async function* readParents(
  { parent, values, each }: ParentsOptions,
  { readParent, setParentCheckpoint, resume, before }: SplitContext,
): AsyncGenerator<Parent, void, undefined> {
  let last = (resume?.["before"] as Checkpoint | undefined) ?? before.parent;
  let skip = Number(resume?.["skip"] ?? 0);
  let item = Number(resume?.["item"] ?? 0);
  for await (const { records, checkpoint } of readParent(parent, last)) {
    for (; skip < records.length; skip++) {
      const record = records[skip];
      const count = each ? countItems(record, each, parent) : 1;
      for (; item < count; item++)
        yield {
          values: valuesOf(record, each ? selectItem(values, each, item) : values, parent),
          before: last,
          skip,
          item,
        };
      item = 0;
    }
    skip = Math.max(0, skip - records.length);
    last = checkpoint;
    setParentCheckpoint(checkpoint);
  }
}

/** Returns the length of a parent's list. `null` is an empty list. */
function countItems(record: unknown, each: Path, parent: string): number {
  const [list] = select(each, record) ?? [];
  if (Array.isArray(list)) return list.length;
  if (list === null) return 0;
  const what =
    list === undefined ? "is missing" : `is ${typeof list === "object" ? "an object" : `a ${typeof list}`}`;
  const has = Object.keys(Object(record) as object).slice(0, 8);
  const message = `\`${printSelector(each)}\` of a record of \`${parent}\` ${what}, not a list (its fields: ${foreign(has.join(", "))})`;
  throw new ReadFailure(ConnectorError, "PARENT_VALUE_MISSING", message);
}

/** Returns the selectors of the values of one item: its index replaces the `[*]` after the path of the list. */
function selectItem(
  values: ParentsOptions["values"],
  each: Path,
  item: number,
): Readonly<Record<string, Selector>> {
  const at = (selector: Selector): Selector =>
    "run" in selector ||
    selector[each.length] !== "[*]" ||
    each.some((step, index) => selector[index] !== step)
      ? selector
      : [...each, item, ...selector.slice(each.length + 1)];
  return Object.fromEntries(Object.entries(values).map(([name, selector]) => [name, at(selector)]));
}

function valuesOf(
  record: unknown,
  selectors: ParentsOptions["values"],
  parent: string,
): Readonly<Record<string, JsonValue>> {
  const entries = Object.entries(selectors).map(([name, selector]) => {
    const value = select(selector, record)?.[0] as JsonValue | undefined;
    if (value !== undefined) return [name, value] as const;
    const has = Object.keys(Object(record) as object).slice(0, 8);
    const message = `a record of \`${parent}\` has no \`${printSelector(selector)}\` (its fields: ${foreign(has.join(", "))})`;
    throw new ReadFailure(ConnectorError, "PARENT_VALUE_MISSING", message);
  });
  return Object.fromEntries(entries);
}

function toPartition(batch: readonly Parent[], join: string | undefined): Partition {
  const [first] = batch;
  const { values = {}, before, skip = 0, item = 0 } = first ?? {};
  const joined = Object.keys(values).map((name) => {
    const all = batch.map((parent) => parent.values[name] ?? null);
    if (join !== undefined && all.some((value) => value === null || value === "")) {
      const message = `\`${name}\` is null or empty in one of ${all.length} records, and cannot be joined with the others`;
      throw new ReadFailure(ConnectorError, "PARENT_VALUE_MISSING", message);
    }
    return [name, join === undefined ? (all[0] ?? null) : all.map(toText).join(join)] as const;
  });
  return {
    values: Object.fromEntries(joined),
    // Checkpoints contain the key, and cannot contain a `bigint`.
    key: joined.map(([, value]) => toPlain(value)),
    resume: { skip, ...(item > 0 && { item }), ...(before && { before: before as never }) },
  };
}

/** The plan of a resource that names fields of a parent: `{resources.users.id}`. */
export const parentsKind: Kind = /* @__PURE__ */ defineKind<ParentsOptions>(() => ({
  family: "plan",
  type: "parents",
  factory: "parents",
  isDerived: true,
  summary: "Reads once for every record of the parent.",
  options: {
    parent: { type: "text", isDerived: true, description: "The parent's name." },
    values: {
      type: "map",
      items: { type: "selector" },
      isDerived: true,
      description: "The selectors of the values in a parent's record, by placeholder.",
    },
    params: {
      type: "map",
      items: { type: "text" },
      isDerived: true,
      description: "Placeholders by the parameters of the method that replace them.",
    },
    each: {
      type: "selector",
      key: "for_each",
      description:
        "A field of the parent's record that holds a list: one request per item. `{resources.teams.member_ids}` is then one item, and `{resources.teams.members.id}` a field of one.",
      examples: ["member_ids"],
    },
    batch: {
      type: "group",
      description: "Requests the children of several parents at once.",
      options: {
        size: {
          type: "whole",
          minimum: 1,
          required: true,
          description: "The number of parents in one request.",
        },
        join: { type: "text", default: ",", description: "The text between their values." },
      },
      examples: [{ size: 50, join: "," }],
    },
  },
  phrase: ({ parent, each, batch }) => {
    const { size = 1 } = (batch ?? {}) as { readonly size?: number };
    const [one, several] = each === undefined ? ["record", "records"] : ["item", "items"];
    const list = typeof each === "string" ? ` of \`${each.replace(/^\$\.?/, "")}\`` : "";
    const of = list ? ` in the records of \`${String(parent)}\`` : ` of \`${String(parent)}\``;
    return `once per ${batch ? `${size} ${several}` : one}${list}${of}`;
  },
  examples: [],
}));
