import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { measureNode } from "./child.js";
import type { ReadFigures, ReadTask } from "./read-task.js";
import { pageSize } from "./records.js";
import { programOf, root } from "./scratch.js";

/** The figures of a read and its process. */
export interface ReadOutcome extends ReadFigures {
  readonly peakRss: number;
}

/** Runs a read in a fresh process. Rejects unless it returns all records of the pages. */
export async function runRead(task: ReadTask, pages: number): Promise<ReadOutcome> {
  const { stdout, peakRss } = await measureNode(["--expose-gc", programOf("read"), JSON.stringify(task)]);
  return requireAll(task.way, pages, { ...(JSON.parse(stdout) as ReadFigures), peakRss });
}

/** A Python library, and the interpreter that has it. */
export interface PythonReader {
  readonly python: string;
  readonly library: "dlt" | "airbyte";
}

/** Runs a read with a Python library. Rejects unless it returns all records of the pages. */
export async function runPythonRead(
  { python, library }: PythonReader,
  baseUrl: string,
  pages: number,
): Promise<ReadOutcome> {
  const args = [join(root, "bench/read.py"), library, baseUrl, String(pageSize)];
  const { stdout } = await promisify(execFile)(python, args);
  const figures = JSON.parse(stdout) as Omit<ReadOutcome, "peakHeap" | "liveHeap">;
  return requireAll(library, pages, { ...figures, peakHeap: 0, liveHeap: 0 });
}

function requireAll(reader: string, pages: number, outcome: ReadOutcome): ReadOutcome {
  const expected = pages * pageSize;
  if (outcome.records === expected) return outcome;
  throw new Error(`${reader} read ${outcome.records} records, the server has ${expected}`);
}
