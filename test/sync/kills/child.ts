import { sync } from "@connector-gen/sync";
import { createShop } from "./scenario.js";

/** The arguments of the process that is killed, as JSON in its first argument. */
interface Job {
  readonly to: string;
  readonly schema?: string;
  readonly version: number;
  /** The failpoint at which the process kills itself; 0: none. */
  readonly killAt: number;
}

const job = JSON.parse(process.argv[2] ?? "{}") as Job;
let points = 0;
const failpoint = (): void => {
  if (++points === job.killAt) process.kill(process.pid, "SIGKILL");
};
const { to, schema, version } = job;
const report = await sync(createShop(version, 1), { to, schema, batchRows: 40, concurrency: 2, failpoint });
console.log(JSON.stringify({ points, status: report.status }));
