import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describeMachine, figuresOf, type Section } from "./report.js";
import { root } from "./scratch.js";

/** Appends the figures of a run to `bench/history.jsonl`, one line per run. */
export function appendHistory(parts: Readonly<Record<string, readonly Section[]>>): void {
  const line = {
    date: new Date().toISOString().slice(0, 16),
    machine: describeMachine(),
    parts: figuresOf(parts),
  };
  appendFileSync(join(root, "bench/history.jsonl"), `${JSON.stringify(line)}\n`);
}
