import { fork } from "node:child_process";
import { once } from "node:events";
import { programOf } from "./scratch.js";

/** A running server. */
export interface BenchServer {
  /** Returns the base URL of an API with a number of pages, and a delay before each response in milliseconds. */
  readonly urlOf: (pages: number, latency: number) => string;
  readonly close: () => Promise<void>;
}

/** Starts the server in its own process. Resolves when it listens. */
export async function startServer(): Promise<BenchServer> {
  const child = fork(programOf("server"), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const exit = once(child, "exit");
  const port = await Promise.race([once(child, "message").then(([first]) => first as number), exit]);
  if (typeof port !== "number") throw new Error("the bench's server did not start");
  return {
    urlOf: (pages, latency) => `http://127.0.0.1:${port}/${latency}/${pages}`,
    close: async () => {
      child.kill();
      await exit;
    },
  };
}
