import { parseArgs } from "node:util";
import { parseFaults, type FaultSpec } from "connector-gen";

/** What the demo is to play. */
export interface DemoFlags {
  /** Records per resource. */
  readonly records: number;
  /** Milliseconds before each answer. */
  readonly latency: number;
  readonly faults: readonly FaultSpec[];
}

/** How the demo is called. */
export const usage =
  "npm run demo -- [--records 2000] [--latency 15] [--fault 429:1@1,500@middle,reset@last]";

/** Parses the command line; says what is wrong with it. */
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
    // parseArgs throws for flags that it does not know, with a good message.
    return { problem: (error as Error).message };
  }
}
