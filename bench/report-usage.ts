// Loaded before a measured program: says on descriptor 3, at the end, how much memory the process took.
import { readFileSync, writeSync } from "node:fs";

process.on("exit", () => {
  writeSync(3, JSON.stringify({ peakRss: readPeakRss() }));
});

/** Bytes. */
function readPeakRss(): number {
  return 1024 * (readHighWater() ?? process.resourceUsage().maxRSS);
}

/** Linux hands the parent's `maxRSS` on to the program it starts; `VmHWM` begins afresh. */
function readHighWater(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}
