import {
  detectPaging,
  detectRecordsPath,
  type DetectedPaging,
  type HeadersLike,
  type JsonObject,
  type JsonValue,
  type Path,
} from "@connector-gen/runtime";
import type { ResourceIr } from "../ir/source-ir.js";

/** Something that a spec does not say, and what a response says of it. */
export interface Proposal {
  /** Where it goes: `endpoint.data_selector`, `primary_key`, … */
  readonly key: "data_selector" | "paginator" | "primary_key" | "incremental";
  readonly value: JsonValue;
  readonly reason: string;
  /** `false`: worth a look, but not to be written unasked. */
  readonly isSure: boolean;
}

/** A response that is looked at. */
export interface Response {
  readonly body: unknown;
  readonly headers: HeadersLike;
  readonly url: string;
}

/** What a resource lacks that a response can tell. */
export function propose(resource: ResourceIr, response: Response): readonly Proposal[] {
  const path = detectRecordsPath(response.body);
  const records = resource.select === undefined && path ? recordsAt(response.body, path) : undefined;
  return [
    ...(resource.select === undefined && path ? [proposeSelector(path, response.body)] : []),
    ...(resource.paginator.type === "auto" ? [proposePaginator(detectPaging(response))] : []),
    ...(records ? proposeFields(resource, records) : []),
  ];
}

/** What a resource's records tell: what identifies them, and when they changed. */
export function proposeFields(resource: ResourceIr, records: readonly unknown[]): readonly Proposal[] {
  const rows = records.filter(
    (record): record is JsonObject => typeof record === "object" && record !== null,
  );
  if (rows.length === 0 || rows.length < records.length) return [];
  const key = resource.primaryKey.length === 0 ? findKey(resource.name, rows) : undefined;
  const isIncremental = resource.plan.some(({ type }) => type === "incremental");
  const cursor = isIncremental ? undefined : findCursor(rows);
  return [key, cursor].filter((proposal) => proposal !== undefined);
}

function proposeSelector(path: Path, body: unknown): Proposal {
  const count = Array.isArray(recordsAt(body, path)) ? (recordsAt(body, path)?.length ?? 0) : 1;
  const where =
    path.length > 0
      ? `the list at ${toSelector(path)}`
      : Array.isArray(body)
        ? "the body is a list"
        : "no list in the body: one record";
  return {
    key: "data_selector",
    value: toSelector(path),
    reason: `${where}, ${count} records`,
    isSure: true,
  };
}

function proposePaginator({ type, options, reason, isFollowed }: DetectedPaging): Proposal {
  const spec = Object.entries(options).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    Array.isArray(value) ? toSelector(value as Path) : value,
  ]);
  const value = spec.length > 0 ? { type, ...(Object.fromEntries(spec) as JsonObject) } : type;
  return { key: "paginator", value, reason, isSure: isFollowed };
}

const keyNames = ["id", "uuid", "guid", "_id", "pk", "identifier", "key", "slug"];

/** A field under a usual name that every record has, with a value of its own. */
function findKey(resource: string, rows: readonly JsonObject[]): Proposal | undefined {
  const stem = resource.replace(/s$/, "");
  const names = [...keyNames.slice(0, 6), `${stem}_id`, `${stem}Id`, `${stem}_uuid`, ...keyNames.slice(6)];
  const name = names.find((candidate) => isUnique(rows.map((row) => own(row, candidate))));
  if (name === undefined) return undefined;
  const reason = `${rows.length} records, ${rows.length} values, none missing`;
  return { key: "primary_key", value: name, reason, isSure: rows.length > 1 };
}

function isUnique(values: readonly unknown[]): boolean {
  const isScalar = values.every(
    (value) => (typeof value === "string" && value !== "") || Number.isInteger(value),
  );
  return isScalar && new Set(values).size === values.length;
}

/** Names of times, the ones that change with the record first. */
const cursorNames = [
  /^(last_?)?(updated|modified|changed)(_?(at|on|time|date|timestamp))?$/i,
  /^(date|time)_?(updated|modified|changed)$/i,
  /^last_?(update|modification|change)(_?(at|on|time|date))?$/i,
  /^(created|inserted|received)(_?(at|on|time|date|timestamp))?$/i,
];

/** A time that every record has. */
function findCursor(rows: readonly JsonObject[]): Proposal | undefined {
  const fields = Object.keys(rows[0] ?? {});
  for (const pattern of cursorNames) {
    const name = fields.find((field) => pattern.test(field) && rows.every((row) => isTime(own(row, field))));
    if (name === undefined) continue;
    const isUpdate = pattern !== cursorNames.at(-1);
    const reason = isUpdate
      ? "a time in every record that changes with it"
      : "a time in every record, but of its creation: changes would go unseen";
    return { key: "incremental", value: { cursor_path: toSelector([name]) }, reason, isSure: isUpdate };
  }
  return undefined;
}

function isTime(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** The list at a path of names; a single value is a list of one. */
function recordsAt(body: unknown, path: Path): readonly unknown[] | undefined {
  const value = path.reduce<unknown>((node, name) => own(node, String(name)), body);
  if (Array.isArray(value)) return value as readonly unknown[];
  return value === undefined || value === null ? undefined : [value];
}

function own(node: unknown, name: string): unknown {
  return typeof node === "object" && node !== null && Object.hasOwn(node, name)
    ? (node as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** A path of names in dlt's dialect: `data.items`, `'@odata.value'`. */
function toSelector(path: Path): string {
  if (path.length === 0) return "$";
  return path
    .map((name) =>
      /^[A-Za-z_][\w-]*$/.test(String(name))
        ? String(name)
        : `['${String(name).replaceAll(/[\\']/g, "\\$&")}']`,
    )
    .join(".");
}
