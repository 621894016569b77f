import type { ResourceState, SyncState } from "@connector-gen/sync";
import { printable } from "../diagnostics.js";
import { loadSyncPackage, resolveUrl } from "./sync-package.js";
import { formatTable } from "./sync-view.js";
import type { Terminal } from "./terminal.js";

/** The flags of `state`. */
export interface StateFlags {
  readonly schema?: string;
  readonly reset?: string;
}

/** Number of runs to show per resource. */
const shownRuns = 3;
/** Number of rejected rows to show. */
const shownRows = 10;

/** Runs `connector-gen state`, which shows or resets the state of a destination. Resolves to the exit code. */
export async function runState(terminal: Terminal, url: string, flags: StateFlags): Promise<number> {
  const to = resolveUrl(url);
  const { readState, resetState } = await loadSyncPackage();
  const { schema, reset } = flags;
  if (reset === undefined) {
    const state = await readState(to, { schema });
    terminal.print(terminal.isJson ? `${JSON.stringify(state, null, 2)}\n` : formatState(state));
    return 0;
  }
  if (await resetState(to, reset, { schema })) {
    terminal.info(`The cursor of ${reset} was removed: the next run reads the resource from the start.`);
    return 0;
  }
  const known = (await readState(to, { schema })).resources.map(({ resource }) => resource);
  const hint = known.length > 0 ? `the destination has state of ${known.join(", ")}` : "it has no state";
  terminal.warn(`connector-gen: no state of ${reset}: ${hint}`);
  return 1;
}

function formatState({ destination, resources, runs, rejected }: SyncState): string {
  if (resources.length === 0)
    return printable(`${destination} has no state: nothing has been synced into it yet.`) + "\n";
  const states = formatTable(["resource", "state", "since", "cursor"], resources.flatMap(rowsOfState), {
    left: 4,
  });
  const seen = new Map<string, number>();
  const last = runs.filter(({ source, resource }) => {
    const key = `${source}.${resource}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return (seen.get(key) ?? 0) <= shownRuns;
  });
  const table = formatTable(
    ["last runs", "status", "started", "pages", "records", "inserted", "updated", "deleted", "rejected"],
    last.map(({ resource, status, startedAt, pages, records, rows, rejected: refused }) => [
      ...[resource, status, toTime(startedAt)].map(printable),
      ...[pages, records, rows.inserted, rows.updated, rows.deleted, refused].map((number) =>
        number.toLocaleString("en"),
      ),
    ]),
    { left: 3 },
  );
  const refused = rejected
    .slice(0, shownRows)
    .map(({ resource, table: name, page, request, reason, row }) =>
      printable(`${resource}, page ${page} (${request}), table ${name}: ${reason}: ${row.slice(0, 200)}`),
    );
  const more = rejected.length > shownRows ? [`… and more: --json shows up to 100`] : [];
  const rows = refused.length > 0 ? `\nrejected rows\n${[...refused, ...more].join("\n")}\n` : "";
  return `${states}\n${table}${rows}`;
}

/** Returns one row per cursor, because each partition and each parent has its own cursor. */
function rowsOfState({ resource, phase, updatedAt, cursors }: ResourceState): readonly string[][] {
  const entries = Object.entries(cursors);
  const texts = entries.map(([sequence, cursor]) =>
    printable(`${sequence === "[]" ? "" : `${sequence} `}${JSON.stringify(cursor)}`.slice(0, 200)),
  );
  const [first = "", ...others] = texts;
  return [
    [printable(resource), phase === "loading" ? "unfinished" : phase, toTime(updatedAt), first],
    ...others.map((text) => ["", "", "", text]),
  ];
}

/** `2026-11-26 21:10:13` in UTC. */
function toTime(iso: string): string {
  return printable(iso.replace("T", " ").replace(/\.\d+/, ""));
}
