import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface Start {
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of the output so far; answers whether the command is to be interrupted. */
  readonly interruptWhen?: (output: string) => boolean;
}

/** Runs the built command line in a process of its own. */
export function runCommand(
  args: readonly string[],
  { cwd = root, stdin, env, interruptWhen }: Start = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // The test runner's own colours must not decide.
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
    const child = spawn(process.execPath, [join(root, "dist/cli.js"), ...args], {
      cwd,
      env: { ...inherited, ...env },
      // Nothing that hangs outlives the test.
      timeout: 120_000,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    const watch = (): void => {
      if (interruptWhen?.(stdout + stderr)) child.kill("SIGINT");
    };
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      watch();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      watch();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin ?? "");
  });
}
