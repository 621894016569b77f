import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";
import { packageSources, typescript } from "./test/support/paths.js";

/** Tests of the packages as users install them; everything else runs on the sources. */
const packageTests = [
  "test/cold-start.test.ts",
  "test/compatibility.test.ts",
  "test/five-minutes.test.ts",
  "test/packages.test.ts",
  "test/pipes.test.ts",
  "test/plugins/packed.test.ts",
];

// Nothing may depend on the time zone of the machine. In this one, hours and minutes differ from UTC.
process.env["TZ"] = "Asia/Kolkata";

export default defineConfig({
  resolve: {
    alias: Object.entries({ ...packageSources, typescript }).map(([name, file]) => ({
      find: new RegExp(`^${name}$`),
      replacement: file,
    })),
  },
  test: {
    // zod-to-ts imports `typescript`, too.
    server: { deps: { inline: ["zod-to-ts"] } },
    // These end what hangs; a busy machine may need many times the seconds of an idle one.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Tests wait for sockets, timers and other processes: as many workers as cores would leave cores idle.
    maxWorkers: availableParallelism() + 2,
    // Most memory of a worker belongs to the compilers, which stay. Searching it for garbage finds little.
    execArgv: ["--initial-old-space-size=800"],
    sequence: { sequencer: LongestFirst },
    // Files share a worker's modules, so that each worker loads the compilers once. No test may leave anything behind.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: "sources",
          include: ["test/**/*.test.ts"],
          exclude: packageTests,
          globalSetup: ["test/sync/support/postgres-server.ts", "test/support/runtime-types.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: packageTests,
          globalSetup: "test/support/packages.ts",
        },
      },
    ],
  },
});
