import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { runCommand, type Ended } from "../support/command.js";

/** A project in a temporary folder, with a spec, a secret file, and a folder for modules. */
export interface Workspace {
  /** The folder of the project. */
  readonly path: (...parts: readonly string[]) => string;
  readonly write: (name: string, text: string) => string;
  readonly run: (...args: readonly string[]) => Promise<Ended>;
}

/** The content of `.env`, which no command may print, change or delete. */
export const secret = "CANARY-5f0e=topsecret";

/** Creates a project before each test: `shop.json` in it, `.env` in it, and `../.env` beside it. */
export function useWorkspace(): Workspace {
  const state = { root: "" };
  const path = (...parts: readonly string[]): string => join(state.root, "project", ...parts);
  const write = (name: string, text: string): string => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
    return path(name);
  };
  beforeEach(() => {
    state.root = mkdtempSync(join(tmpdir(), "connector-gen-"));
    write("shop.json", JSON.stringify(specOf("shop")));
    write(".env", secret);
    write("../.env", secret);
    mkdirSync(path("generated"));
  });
  afterEach(() => {
    rmSync(state.root, { recursive: true, force: true });
  });
  return { path, write, run: (...args) => runCommand(args, { cwd: path() }) };
}

/** A small spec. */
export function specOf(name: string, changes: object = {}): object {
  const schema = { type: "object", properties: { id: { type: "integer" } } };
  return {
    name,
    client: { base_url: "https://api.example.com" },
    resources: [{ name: "orders", endpoint: { path: "/orders", data_selector: "$" }, schema }],
    ...changes,
  };
}
