import { parseArgs } from "node:util";
import { parseFaults, type FaultSpec } from "connector-gen";

/** The options of the demo. */
export interface DemoFlags {
  /** Records per resource. */
  readonly records: number;
  /** Delay before each response, in milliseconds. */
  readonly latency: number;
  readonly faults: readonly FaultSpec[];
}

/** The usage of the demo. */
export const usage =
  "npm run demo -- [--records 2000] [--latency 15] [--fault 429:1@1,500@middle,reset@last]";

/** Parses the command line. Returns the problem if it is invalid. */
export function parseFlags(argv: readonly string[]): DemoFlags | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        records: { type: "string", default: "2000" },
        latency: { type: "string", default: "15" },
        fault: { type: "string", default: "429:1@1,500@middle,reset@last" },
      },
    });
    const wrong = (["records", "latency"] as const).find((name) => !/^\d{1,9}$/.test(values[name]));
    if (wrong) return { problem: `--${wrong} must be a whole number, not "${values[wrong]}"` };
    const parsed = parseFaults(values.fault);
    if ("problem" in parsed) return { problem: `--fault: ${parsed.problem}` };
    return { records: Number(values.records), latency: Number(values.latency), faults: parsed.faults };
  } catch (error) {
    // `parseArgs` throws a clear message for unknown flags.
    return { problem: (error as Error).message };
  }
}
