import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";

/** A request as dlt sent it; exactly one or none of `json`, `form` and `text` is its body. */
export interface VectorRequest {
  readonly method: string;
  /** Absent for `http://api.test`. */
  readonly origin?: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** Decoded, in order. */
  readonly query: readonly Pair[];
  /** Headers from the config, the credentials or a cookie; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: JsonValue;
  readonly form?: readonly Pair[];
  readonly text?: string;
}

/** The response of the server. `abort` closes the connection instead. */
export interface VectorResponse {
  readonly abort?: true;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: JsonValue;
  readonly text?: string;
}

/** A name and its value. */
export type Pair = readonly [name: string, value: string];

/** One request and its response. */
export interface Exchange {
  readonly request: VectorRequest;
  readonly response: VectorResponse;
}

/** An error by its class; the message is dlt's and never compared. */
export interface VectorError {
  readonly kind: "config" | "http" | "selector" | "cursor" | "incremental" | "other";
  readonly message?: string;
  readonly status?: number;
}

/** The outcome of reading one resource. */
export interface Expected {
  /** Indices into the exchanges, one per attempt. */
  readonly requests: readonly number[];
  readonly records: readonly JsonValue[];
  readonly error: VectorError | null;
}

/** dlt's state of one cursor between runs. */
export interface CursorState {
  readonly initial_value: JsonValue;
  readonly last_value: JsonValue;
  /** dlt's digests, of which only the number is compared. */
  readonly boundary_hashes: readonly string[];
}

/** State by resource and cursor path. */
export type RunState = Readonly<Record<string, Readonly<Record<string, CursorState>>>>;

/** The outcome of one run of the whole source. */
export interface RunOutcome {
  readonly requests: readonly number[];
  readonly expected: Readonly<Record<string, { readonly records: readonly JsonValue[] }>>;
  readonly error: VectorError | null;
}

/** One run of the whole source, with the state of the previous run. */
export interface VectorRun extends RunOutcome {
  readonly exchanges: readonly Exchange[];
  readonly state_out: RunState;
  /** The expected outcome if dlt has a defect. */
  readonly better?: RunOutcome;
}

/** A known defect of dlt. */
export interface Deviation {
  readonly id: string;
  /** Why the outcome that follows is better, as a sentence. */
  readonly why: string;
  /** By resource; a text if the runs contain it. */
  readonly better: Readonly<Record<string, Expected>> | string;
}

/** One recorded case. */
export interface Vector {
  /** `group/name`. */
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly about: string;
  readonly config: JsonObject;
  readonly notes?: string;
  readonly exchanges?: readonly Exchange[];
  /** By resource; `*` is the config as a whole. */
  readonly expected?: Readonly<Record<string, Expected>>;
  readonly runs?: readonly VectorRun[];
  readonly deviation: Deviation | null;
}

/** Reads `<folder>/<group>/<name>.json`, except for the vectors about tables, which need a database. */
export function loadVectors(folder: string): readonly Vector[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((group) => loadGroup(folder, group));
}

function loadGroup(folder: string, group: string): readonly Vector[] {
  const files = readdirSync(join(folder, group)).filter((file) => file.endsWith(".json"));
  return files.sort().flatMap((file) => {
    const content = JSON.parse(readFileSync(join(folder, group, file), "utf8")) as Vector & {
      readonly expected_tables?: unknown;
    };
    const name = basename(file, ".json");
    return content.expected_tables === undefined ? [{ ...content, id: `${group}/${name}`, group, name }] : [];
  });
}

/** Returns the expected outcome: the better one if dlt has a defect, otherwise dlt's. */
export function expectedOf({ expected = {}, deviation }: Vector): Readonly<Record<string, Expected>> {
  const better = deviation?.better;
  return typeof better === "object" ? better : expected;
}
