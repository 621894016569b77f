import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** Functions of `node:fs/promises` that change the file system. */
const changing = ["open", "rename", "rm", "mkdir", "link"] as const;

/** The step at which an update ends. A step is a call that changes the file system; the first one is 1. */
export interface Death {
  readonly step: number;
  /** Right before the step takes place, or right after it. */
  readonly when: "before" | "after";
}

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/** An id that no process has. */
const deadProcess = 999_999_999;

/**
 * Runs an update of files in this process, under the id of a process that has ended, and stops it at one step as a kill would:
 * nothing after it happens, `finally` included. Returns whether the update reached that step.
 */
export async function dieAt({ step, when }: Death, update: () => Promise<unknown>): Promise<boolean> {
  const functions = fs as unknown as Record<string, Call>;
  const originals = changing.map((name) => [name, functions[name] as Call] as const);
  const handles: fs.FileHandle[] = [];
  const never = new Promise<never>(() => undefined);
  const { pid } = process;
  let calls = 0;
  let die: (isDead: true) => void = () => undefined;
  const death = new Promise<true>((resolve) => (die = resolve));
  for (const [name, original] of originals)
    functions[name] = async (...args) => {
      if (calls >= step) return never;
      // Opened to read.
      if (name === "open" && args[1] !== "wx") return original(...args);
      calls += 1;
      const isLast = calls === step;
      if (isLast && when === "before") {
        die(true);
        return never;
      }
      const result = await original(...args);
      if (name === "open") handles.push(result as fs.FileHandle);
      if (!isLast) return result;
      die(true);
      return never;
    };
  Object.defineProperty(process, "pid", { value: deadProcess, configurable: true });
  syncBuiltinESMExports();
  try {
    return await Promise.race([death, update().then(() => false)]);
  } finally {
    Object.defineProperty(process, "pid", { value: pid, configurable: true });
    for (const [name, original] of originals) functions[name] = original;
    syncBuiltinESMExports();
    // The system closes the files of a process that ends.
    for (const handle of handles) await handle.close().catch(() => undefined);
  }
}
