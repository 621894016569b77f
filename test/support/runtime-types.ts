import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { root } from "./paths.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the runtime's declarations, which all test files share. It is empty until a test needs them. */
    readonly runtimeTypes: string;
  }
}

let shared = "";

/** Creates the folder of the declarations, before all tests. It is inside the repository, whose modules are ESM. */
export function setup(project: TestProject): void {
  mkdirSync(join(root, ".scratch"), { recursive: true });
  shared = mkdtempSync(join(root, ".scratch/runtime-types-"));
  project.provide("runtimeTypes", shared);
}

/** Removes the declarations, after all tests. */
export function teardown(): void {
  rmSync(shared, { recursive: true, force: true });
}

/** Returns the folder of the declarations below a shared folder. The first caller writes them with `emit`. */
export function declarationsIn(folder: string, emit: (target: string) => void): string {
  const target = join(folder, "types");
  if (existsSync(target)) return target;
  const own = `${target}-${process.pid}`;
  emit(own);
  try {
    renameSync(own, target);
  } catch (error) {
    // Another worker was faster.
    if (!existsSync(target)) throw error;
    rmSync(own, { recursive: true, force: true });
  }
  return target;
}
