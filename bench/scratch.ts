import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository: this file is run from `build/bench/`. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** The command line, as it is installed. */
export const cli: string = join(root, "dist/cli.js");

/** The path of a program of this folder. */
export function programOf(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), `${name}.js`);
}

/** A folder for one run of the bench. */
export interface Scratch {
  readonly path: string;
  readonly remove: () => void;
}

/** Makes a fresh folder under `.scratch/bench`, so that runs do not disturb each other's files. */
export function createScratch(): Scratch {
  const parent = join(root, ".scratch/bench");
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "run-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
