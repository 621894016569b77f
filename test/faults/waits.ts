import { partitions, parallelPageNumber, plan, type ReadEvent } from "../../runtime/src/index.js";
import { readScript } from "./catalogue.js";
import {
  expectAtMost,
  expectComplete,
  expectNoneEarly,
  openClient,
  readAll,
  transports,
  type Run,
  type TransportName,
} from "./run.js";
import { startServer } from "./server.js";

/** Milliseconds from the event of a response until all reads of the client observe its wait. */
const tickMs = 20;

const scripts = ["429:1", "429:date", "429:rfc850", "503:1", "403-quota"];

/** The reads of a client that share an origin wait together. */
export function waitRuns(): readonly Run[] {
  return scripts.flatMap((script) =>
    transports.flatMap((transport) => [
      toRun({ script, transport, concurrency: 4, reads: 1 }),
      toRun({ script, transport, concurrency: 1, reads: 4 }),
      toRun({ script, transport, concurrency: 3, reads: 3 }),
    ]),
  );
}

interface Cell {
  readonly script: string;
  readonly transport: TransportName;
  readonly concurrency: number;
  /** Reads of the same client at the same time. */
  readonly reads: number;
}

const regions = ["a", "b", "c", "d", "e", "f"];

/** Pages of a region. */
const pages = 3;

function toRun({ script, transport, concurrency, reads }: Cell): Run {
  const name = `${script} · ${reads} reads of ${concurrency} requests at once · ${transport}`;
  const perform: Run["perform"] = async () => {
    const faults = [...readScript(script)];
    let n = 0;
    const server = await startServer(({ url }) => {
      const [, , of = ""] = url.pathname.split("/");
      const page = Number(url.searchParams.get("page"));
      const items = page <= pages ? [{ id: page, of }] : [];
      // The fourth request gets the fault, while others are in flight.
      const fault = ++n === 4 ? faults.shift() : undefined;
      return { fault, contentType: "application/json", body: JSON.stringify({ items, total: pages }) };
    });
    const sent: number[] = [];
    let knownAt = Infinity;
    // Requests that were in flight when the response arrived are not early.
    const onEvent = (event: ReadEvent): void => {
      if (event.type === "response" && event.status >= 400) knownAt = Math.min(knownAt, Date.now());
      if (event.type === "request") sent.push(Date.now());
    };
    try {
      const read = openClient({
        url: server.url,
        transport,
        options: { onEvent },
        resources: [
          {
            name: "rows",
            path: "/v1/{partitions.of}/rows",
            select: ["items"],
            paginator: parallelPageNumber({ basePage: 1 }),
            primaryKey: ["of", "id"],
            plan: plan(partitions({ of: regions })),
          },
        ],
      });
      const endings = await Promise.all(Array.from({ length: reads }, () => readAll(read, { concurrency })));
      const want = regions.flatMap((of) =>
        Array.from({ length: pages }, (_, index) => ({ id: index + 1, of })),
      );
      return [
        ...endings.flatMap((ending) => expectComplete(ending, want)),
        ...expectNoneEarly(sent.filter((at) => at > knownAt + tickMs && at + 2 < server.resumesAt()).length),
        ...expectAtMost(server.received.length, reads * want.length + 1 + 1),
      ];
    } finally {
      await server.close();
    }
  };
  return { level: "shared wait", row: script, name, perform };
}
