import { parentPort } from "node:worker_threads";
import { generateSpec, type SpecJob } from "./generate-spec.js";

// Generates one spec after the other, in the order in which the main thread sends them.
parentPort?.on("message", (job: SpecJob) => {
  void generateSpec(job).then(
    (result) => parentPort?.postMessage({ result }),
    (error: unknown) => parentPort?.postMessage({ error }),
  );
});
