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

/** Makes a fresh folder under `.scratch/bench`, so that runs do not disturb each other; it goes with the process. */
export function createScratch(): string {
  const parent = join(root, ".scratch/bench");
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "run-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}
