// Loaded before a measured program: says on descriptor 3, at the end, how much memory and processor time the process took.
import { readFileSync, writeSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ peakRss: readPeakRss(), cpu: (user + system) / 1e6 }));
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
