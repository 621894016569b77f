import { isConnectorError } from "../../runtime/src/index.js";
import { authSchemes, credentials, type AuthScheme } from "./auths.js";
import { allowedRequests, resourceOf, startApi } from "./api.js";
import { readScript } from "./catalogue.js";
import { dialects, type Dialect } from "./dialects.js";
import { makeRows } from "./records.js";
import { count, places, size, type Place } from "./recoverable.js";
import {
  expectAtMost,
  expectError,
  openClient,
  readAll,
  toFindings,
  transports,
  type Run,
  type TransportName,
} from "./run.js";

/** Faults that persist despite retries, with the maximum number of attempts. */
const fatalFaults: readonly { readonly script: string; readonly attempts: number }[] = [
  { script: "400", attempts: 1 },
  { script: "404", attempts: 1 },
  { script: "410", attempts: 1 },
  { script: "422", attempts: 1 },
  { script: "429-huge", attempts: 1 },
  { script: "bad-utf8", attempts: 1 },
  { script: "bigint", attempts: 1 },
  { script: "nan", attempts: 5 },
  { script: "500", attempts: 5 },
  { script: "error200", attempts: 5 },
  { script: "reset", attempts: 6 },
];

/** Every fatal fault. Once the read has failed, the fault is removed, and the read is resumed from its checkpoint. */
export function fatalRuns(): readonly Run[] {
  const runs: Run[] = [];
  for (const fault of fatalFaults)
    for (const dialect of dialects)
      for (const place of placesOf(dialect))
        for (const auth of authSchemes) {
          const transport = transports[runs.length % 2] ?? "fetch";
          runs.push(toRun({ ...fault, dialect, place, auth, transport, isOdd: runs.length % 3 === 0 }));
        }
  return runs;
}

function placesOf({ name }: Dialect): readonly Place[] {
  return name === "single_page" ? ["first"] : (Object.keys(places) as Place[]);
}

interface Cell {
  readonly script: string;
  readonly attempts: number;
  readonly dialect: Dialect;
  readonly place: Place;
  readonly auth: AuthScheme;
  readonly transport: TransportName;
  /** Resume from the last page's checkpoint instead of the error's. */
  readonly isOdd: boolean;
}

function toRun({ script, attempts, dialect, place, auth, transport, isOdd }: Cell): Run {
  const name = [script, dialect.name, place, auth.name, transport].join(" · ");
  const perform: Run["perform"] = async () => {
    const faults = new Map([[places[place], readScript(`${script}*${attempts}`)]]);
    const api = { dialect, auth, format: "json" as const, rows: makeRows(count), size, faults };
    const server = await startApi(api);
    try {
      const read = openClient({
        url: server.url,
        transport,
        resources: [resourceOf(api)],
        options: credentials,
      });
      const failed = await readAll(read);
      const before = expectError(failed, api.rows);
      if (before.length > 0) return before;
      const attempted = server.requests();
      server.heal();
      const ofError = isConnectorError(failed.error) ? failed.error.checkpoint : undefined;
      const ofPage = isOdd ? failed.pages.at(-1)?.checkpoint : undefined;
      const from = ofPage ?? ofError;
      const resumed = await readAll(read, { ...(from && { from }) });
      const records = [...failed.records, ...resumed.records];
      return [
        ...(resumed.error === undefined ? [] : expectResumed(resumed.error)),
        ...toFindings(records, api.rows),
        ...expectAtMost(attempted, places[place] + attempts + 1),
        ...expectAtMost(server.requests(), allowedRequests(api, attempts) + 1),
      ];
    } finally {
      await server.close();
    }
  };
  return { level: "fatal", row: script, name, perform };
}

function expectResumed(error: unknown): readonly { counter: "lost"; count: number; note: string }[] {
  return [{ counter: "lost", count: 1, note: `the healed read fails: ${String(error)}` }];
}
