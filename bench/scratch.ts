import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. This file runs from `build/bench/`. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** The installed command line. */
export const cli: string = join(root, "dist/cli.js");

/** Returns the path of a program in this folder. */
export function programOf(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), `${name}.js`);
}

/** Creates a new folder under `.scratch/bench`, so runs do not disturb each other. It is removed when the process exits. */
export function createScratch(): string {
  const parent = join(root, ".scratch/bench");
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "run-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}
