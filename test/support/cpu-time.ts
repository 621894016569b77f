/**
 * Returns the CPU time of a synchronous function, in milliseconds. Unlike elapsed time, it hardly depends on the
 * machine's load.
 */
export function cpuTimeOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
