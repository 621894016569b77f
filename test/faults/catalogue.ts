import { parseFaults, type FaultSpec } from "../../generator/mock/faults.js";

/** A named fault: its script for `connector-gen mock --fault`, and the required reaction of a client. */
export interface NamedFault {
  readonly name: string;
  readonly script: string;
  /**
   * `passes`: the next attempt gets the page. `fatal`: a retry does not help, and the read must end with an error. `data`:
   * no fault of the network; the records must arrive unchanged. `control`: no fault at all.
   */
  readonly kind: "passes" | "fatal" | "data" | "control";
}

/** 37 network faults, three of the data, and the control: the fault tables of other projects use the same. */
const scripts: Readonly<Record<NamedFault["kind"], Readonly<Record<string, string>>>> = {
  passes: {
    "204": "204",
    "408": "408",
    "409": "409",
    "425": "425",
    "500": "500",
    "504": "504",
    "520": "520",
    "429, seconds": "429:1",
    "429, IMF date": "429:date",
    "429, RFC 850 date": "429:rfc850",
    "429, asctime date": "429:asctime",
    "429, no header": "429-no-wait",
    "503, zero seconds": "503:0",
    "429, negative": "429-negative",
    "429, past": "429-past",
    "429, junk": "429-junk",
    "403, quota": "403-quota",
    "429, milliseconds": "429-ms",
    "502, HTML": "502-html",
    "reset before headers": "reset",
    "close before headers": "close",
    "cut, with length": "truncate",
    "cut, chunked": "truncate-chunked",
    "cut, by close": "truncate-close",
    "cut, framed as whole": "truncate-json",
    "cut gzip": "truncate-gzip",
    "gzip, wrong checksum": "gzip-checksum",
    "gzip, garbage": "gzip-garbage",
    "200, HTML": "html",
    "200, error object": "error200",
    "200, empty": "empty",
    "stalled headers": "hang",
    "stalled body": "stall",
    "byte order mark": "bom",
    "stale connection": "stale",
  },
  fatal: { "429, one day": "429-huge", "not UTF-8": "bad-utf8", NaN: "nan" },
  data: { "big integer": "bigint", "duplicate key": "duplicate-key", __proto__: "proto" },
  control: { "no fault": "" },
};

/** All named faults. */
export const namedFaults: readonly NamedFault[] = (Object.keys(scripts) as (keyof typeof scripts)[]).flatMap(
  (kind) => Object.entries(scripts[kind]).map(([name, script]) => ({ name, script, kind })),
);

/** Returns the named faults of a kind. */
export function faultsOf(kind: NamedFault["kind"]): readonly NamedFault[] {
  return namedFaults.filter((fault) => fault.kind === kind);
}

/** Reads a script: one fault per attempt. Throws if `connector-gen mock` would reject it. */
export function readScript(script: string): readonly FaultSpec[] {
  const parsed = parseFaults(script);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.faults.flatMap((fault) => Array.from({ length: fault.times }, () => fault));
}
