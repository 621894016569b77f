import { isConnectorError } from "../../runtime/src/index.js";
import { placements, type Placed, type Placement } from "./secret-placements.js";
import { routes, type Route } from "./leak-routes.js";
import { exposureOf, needlesOf } from "./exposure.js";
import {
  openClient,
  readAll,
  transports,
  type Ending,
  type Finding,
  type Run,
  type TransportName,
} from "./run.js";
import { startServer, type Received } from "./server.js";

/** Secrets that are hard to find. Each begins and ends with a text that occurs nowhere else. */
const forms: Readonly<Record<string, (core: string) => string>> = {
  plain: (core) => core,
  "with URL characters": (core) => `${core}&/+ =?#%25${core}`,
  "with quotes": (core) => `${core}"\\'<${core}`,
  "with a line break": (core) => `${core}\n-----\r\n${core}`,
  "with umlauts": (core) => `${core}äÜ😀${core}`,
  "of 12 KB": (core) => `${core}${"Zm9vYmFy".repeat(1500)}${core}`,
};

/** The numbers of other secrets of the client. */
const crowds = [0, 20] as const;

/** Every route, with a secret in every place and every form. */
export function leakRuns(): readonly Run[] {
  const runs: Run[] = [];
  for (const route of routes)
    for (const placement of placements)
      for (const form of Object.keys(forms)) {
        if (!route.needs.includes(placement.kind)) continue;
        const crowd = crowds[runs.length % 2] ?? 0;
        const transport = transports[Math.floor(runs.length / 2) % 2] ?? "fetch";
        runs.push(toRun({ route, placement, form, crowd, transport, index: runs.length }));
      }
  return runs;
}

interface Cell {
  readonly route: Route;
  readonly placement: Placement;
  readonly form: string;
  readonly crowd: number;
  readonly transport: TransportName;
  readonly index: number;
}

function toRun({ route, placement, form, crowd, transport, index }: Cell): Run {
  const name = [route.name, placement.name, form, `${crowd} other secrets`, transport].join(" · ");
  // Unique per run: standard error is shared.
  const core = `c${index.toString(36).padStart(4, "0")}q7Zk93xW5vJ`;
  const secret = forms[form]?.(core) ?? core;
  const perform: Run["perform"] = async () => {
    const urls = { own: "", other: "" };
    const lines: string[] = [];
    const context = { urls, secret, core };
    const own = await startServer((request) => route.own(request, context));
    const other = await startServer((request) => route.other(request, context));
    Object.assign(urls, { own: own.url, other: other.url });
    const stderr = watchStderr();
    try {
      const placed = placement.place(secret);
      const ending = await readPlaced(placed, {
        url: own.url,
        transport,
        crowd,
        lines,
        paginator: route.paginator,
      });
      const back = own.received.filter(({ url }) => url.searchParams.has("back"));
      return [
        ...search("the wire to another host", toWire([...other.received, ...back]), core),
        ...search("errors, events and checkpoints", exposureOfEnding(ending), core),
        ...search("the log", lines.join("\n"), core),
        ...search("standard error", stderr.text(), core),
        ...(ending.error === undefined || isConnectorError(ending.error) ? [] : [untyped(ending.error)]),
      ];
    } finally {
      stderr.stop();
      await Promise.all([own.close(), other.close()]);
    }
  };
  return { level: "leak", row: route.name, name, perform };
}

interface Given {
  readonly url: string;
  readonly transport: TransportName;
  readonly crowd: number;
  readonly lines: string[];
  readonly paginator: Route["paginator"];
}

function readPlaced(placed: Placed, { url, transport, crowd, lines, paginator }: Given): Promise<Ending> {
  const crowded = Object.fromEntries(
    Array.from({ length: crowd }, (_, n) => [`other${n}`, `another-secret-${n}`]),
  );
  const log = (line: string): void => void lines.push(line);
  const read = openClient({
    url,
    transport,
    source: {
      ...placed.source,
      options: {
        ...placed.source?.options,
        ...Object.fromEntries(
          Object.keys(crowded).map((option) => [`secrets.${option}`, { option, env: `MATRIX_${option}` }]),
        ),
      },
    },
    resources: [
      { name: "rows", path: "/v1/rows", select: ["items"], paginator: paginator(), ...placed.resource },
    ],
    options: {
      logger: { warn: log, error: log },
      retry: { maxRetries: 1 },
      ...crowded,
      ...placed.options,
    },
  });
  return readAll(read, placed.read);
}

function toWire(received: readonly Received[]): string {
  return received
    .map(({ method, url, headers, text }) => `${method} ${url.href}\n${JSON.stringify(headers)}\n${text}`)
    .join("\n");
}

/** Records may contain secrets that the API sends; everything else must contain none. */
function exposureOfEnding({ error, events, pages }: Ending): string {
  const headers = events.flatMap((event) =>
    event.type === "response"
      ? ["x-echo", "location", "link", "content-type"].map((name) => event.headers.get(name))
      : [],
  );
  return exposureOf(
    error,
    events,
    headers,
    pages.map(({ url, checkpoint }) => ({ url, checkpoint })),
  );
}

function search(where: string, text: string, core: string): readonly Finding[] {
  const found = needlesOf(core).find((needle) => text.includes(needle));
  if (found === undefined) return [];
  const at = text.indexOf(found);
  const excerpt = text.slice(Math.max(0, at - 60), at + 40).replace(/\s+/g, " ");
  return [{ counter: "leaked", count: 1, note: `the secret is in ${where}: …${excerpt}…` }];
}

function untyped(error: unknown): Finding {
  return { counter: "lost", count: 1, note: `the error is not typed: ${String(error).slice(0, 120)}` };
}

/** Collects standard error until `stop` is called. */
function watchStderr(): { readonly text: () => string; readonly stop: () => void } {
  const parts: string[] = [];
  const collect = (text: string): void => void parts.push(text);
  watchers.add(collect);
  if (watchers.size === 1 && !original) {
    original = process.stderr.write.bind(process.stderr);
    process.stderr.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      for (const watcher of watchers) watcher(String(chunk));
      return original?.(chunk, ...rest) ?? true;
    };
  }
  return {
    text: () => parts.join(""),
    stop: () => {
      watchers.delete(collect);
      if (watchers.size > 0 || !original) return;
      process.stderr.write = original;
      original = undefined;
    },
  };
}

const watchers = new Set<(text: string) => void>();
let original: typeof process.stderr.write | undefined;
