// Loaded before a measured program. At the end, it writes the memory and processor time of the process to descriptor 3.
import { readFileSync, writeSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, JSON.stringify({ peakRss: readPeakRss(), cpu: (user + system) / 1e6 }));
});

/** Returns the peak of resident memory, in bytes. */
function readPeakRss(): number {
  return 1024 * (readHighWater() ?? process.resourceUsage().maxRSS);
}

/** Reads `VmHWM`, because on Linux a process inherits `maxRSS` from its parent. */
function readHighWater(): number | undefined {
  if (process.platform !== "linux") return undefined;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}
