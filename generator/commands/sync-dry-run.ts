import { createReader, readerKey, type Resource, type Source } from "@connector-gen/runtime";
import type { ResourceShape, Transport } from "@connector-gen/runtime/plugin";
import type { ResourceOutline } from "@connector-gen/sync";
import { printable } from "../diagnostics.js";
import { describeColumns } from "../ir/load-types.js";
import type { SourceIr } from "../ir/source-ir.js";
import { toLiveSource } from "../live/live-source.js";
import { collectDeclarations } from "../mock/data/types.js";
import { messageOf } from "../spec/wording.js";
import { toClientOptions, toSyncOptions, type SyncJob } from "./sync-job.js";
import type { Terminal } from "./terminal.js";

/** A resource with the first request of its read, as `GET https://…`. */
type DryResource = ResourceOutline & { readonly request: string };

/** Describes a sync without sending a request or opening the destination. */
export async function describeRun(terminal: Terminal, job: SyncJob): Promise<string> {
  const { source, flags, syncPackage, to } = job;
  const live = withColumns(toLiveSource(source), source);
  const reader = createReader(live, { ...toClientOptions(source, flags), transport: noNetwork });
  const outlines = syncPackage.outlineSync({ [readerKey]: reader }, toSyncOptions(job));
  const resources: DryResource[] = [];
  for (const outline of outlines) {
    const shape = live.resources[outline.resource];
    resources.push({ ...outline, request: shape ? await firstRequest(job, live, shape) : "" });
  }
  if (terminal.isJson) return `${JSON.stringify({ source: source.name, resources }, null, 2)}\n`;
  const { label } = syncPackage.toDestination(to);
  const head = `${source.name} → ${label}: a dry run, which sends no request and writes nothing`;
  return `${printable(head)}\n\n${resources.map(formatResource).join("\n")}`;
}

/** Rejects every request. */
const noNetwork: Transport = { send: () => Promise.reject(new Error("this is a dry run")) };

/** Adds the types of all columns that the schemas describe to a source. */
function withColumns(live: Source, source: SourceIr): Source {
  const declarations = collectDeclarations(source);
  const resources = source.resources.flatMap(({ name, record, load }) => {
    const shape = live.resources[name];
    if (!shape) return [];
    const described = [...describeColumns(record, (each) => declarations.get(each))];
    const typed = Object.fromEntries(described.map(([path, type]) => [path, { type }]));
    const hints = { ...shape.load, types: {}, columns: { ...typed, ...shape.load?.columns } };
    return [
      [name, { ...shape, ...((load !== undefined || described.length > 0) && { load: hints }) }] as const,
    ];
  });
  return { ...live, resources: Object.fromEntries(resources) as Source["resources"] };
}

/** Returns the first request for a page that a read would send. For children, this is the request for their parents. */
async function firstRequest(
  { source, flags }: SyncJob,
  live: Source,
  resource: ResourceShape,
): Promise<string> {
  let request = "";
  const reader = createReader(live, {
    ...toClientOptions(source, flags),
    transport: noNetwork,
    retry: { maxRetries: 0 },
    logger: { warn: () => undefined, error: () => undefined },
    onEvent: (event) => {
      if (event.type === "request") request ||= `${event.method} ${event.url}`;
    },
  });
  try {
    await reader.read(resource as Resource<unknown>).toArray();
    return "no request: the records are in the spec";
  } catch (error) {
    return request || messageOf(error);
  }
}

function formatResource({
  resource,
  disposition,
  primaryKey,
  mergeKey,
  tables,
  request,
}: DryResource): string {
  const keys = [...primaryKey, ...mergeKey];
  const by = keys.length > 0 ? ` by ${keys.join(", ")}` : "";
  const isMerge = !["append", "replace", "skip"].includes(disposition);
  const how = isMerge ? `merge (${disposition})${by}` : disposition;
  const lines = tables.map(({ name, columns }) => {
    const list = columns.map((column) => `${column.name} ${column.type ?? ""}`.trim()).join(", ");
    return `  ${name}: ${list || "columns as the records have them"}`;
  });
  return `${[`${resource}: ${how}`, `  ${request}`, ...lines].map(printable).join("\n")}\n`;
}
