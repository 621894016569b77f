import { authSchemes, credentials, type AuthScheme } from "./auths.js";
import { allowedRequests, resourceOf, startApi, type ApiSetup } from "./api.js";
import { faultsOf, readScript, type NamedFault } from "./catalogue.js";
import { dialects, type Dialect } from "./dialects.js";
import { makeRows, type Format } from "./records.js";
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

/** 23 records in 5 pages. */
export const count = 23;
export const size = 5;

/** The locations of faults, as indices of pages. */
export const places = { first: 0, middle: 2, last: 4 } as const;
export type Place = keyof typeof places;

/** The axes of the runs of one fault. */
interface Cell {
  readonly fault: NamedFault;
  readonly dialect: Dialect;
  readonly format: Format;
  readonly place: Place;
}

/** Every temporary fault, in every place, with every combination of the axes. */
export function recoverableRuns(): readonly Run[] {
  const runs: Run[] = [];
  for (const cell of cellsOf([...faultsOf("passes"), ...faultsOf("control"), ...dataFaults()])) {
    if (isInvisible(cell)) continue;
    // Each cell runs with every scheme and with both transports, but not with all combinations of these two.
    for (const auth of schemesOf(cell, runs.length)) {
      const transport = transports[runs.length % 2] ?? "fetch";
      runs.push(toRun({ ...cell, transport, auth }));
    }
  }
  return runs;
}

/** Other formats differ in the decoder only, so two schemes take turns. */
function schemesOf({ format }: Cell, turn: number): readonly AuthScheme[] {
  return format === "json" ? authSchemes : authSchemes.filter((_, index) => index % 3 === turn % 3);
}

/** A key that occurs twice must not change anything else. All records contain a key `__proto__`; a big integer is fatal. */
function dataFaults(): readonly NamedFault[] {
  return faultsOf("data").filter(({ script }) => script === "duplicate-key");
}

/** Combines faults with dialects, formats and places. */
function cellsOf(faults: readonly NamedFault[]): readonly Cell[] {
  return faults.flatMap((fault) =>
    dialects.flatMap((dialect) =>
      dialect.formats.flatMap((format) =>
        placesOf(dialect).map((place) => ({ fault, dialect, format, place })),
      ),
    ),
  );
}

function placesOf({ name }: Dialect): readonly Place[] {
  return name === "single_page" ? ["first"] : (Object.keys(places) as Place[]);
}

/** Whether a fault looks exactly like a correct response, so no client can detect it. */
function isInvisible({ fault: { script }, dialect, format, place }: Cell): boolean {
  if (script === "duplicate-key" && format !== "json") return true;
  // An error object is a line of JSON like any other.
  if (script === "error200") return format === "jsonl";
  // No lines are an empty list. A 204 is one, too, unless an earlier page promised more.
  if (script === "empty" && format === "jsonl") return true;
  return script === "204" && (place === "first" || dialect.promise(format) === "none");
}

interface Combination extends Cell, Pick<ApiSetup, "auth"> {
  readonly transport: TransportName;
}

function toRun({ fault, dialect, format, place, auth, transport }: Combination): Run {
  const name = [fault.name, dialect.name, format, place, auth.name, transport].join(" · ");
  const faults = readScript(fault.script);
  const isStalled = ["hang", "stall"].includes(fault.script);
  const perform: Run["perform"] = async () => {
    const api = {
      dialect,
      auth,
      format,
      rows: makeRows(count, format),
      size,
      faults: new Map([[places[place], faults]]),
    };
    const server = await startApi(api);
    try {
      const options = { ...credentials, ...(isStalled && { timeoutMs: 2000 }) };
      const read = openClient({ url: server.url, transport, resources: [resourceOf(api)], options });
      const ending = await readAll(read);
      return [
        ...expectComplete(ending, api.rows),
        ...expectNoneEarly(server.early()),
        ...expectAtMost(server.requests(), allowedRequests(api, faults.length)),
      ];
    } finally {
      await server.close();
    }
  };
  return { level: "recoverable", row: fault.name, name, perform };
}
