import { measureNode } from "./child.js";
import type { ReadFigures, ReadTask } from "./read-task.js";
import { pageSize } from "./records.js";
import { programOf } from "./scratch.js";

/** A read with the peak of its process's memory, in bytes. */
export interface ReadOutcome extends ReadFigures {
  readonly peakRss: number;
}

/** Runs a read in a fresh process; rejects unless it brings all records of so many pages. */
export async function runRead(task: ReadTask, pages: number): Promise<ReadOutcome> {
  const { stdout, peakRss } = await measureNode(["--expose-gc", programOf("read"), JSON.stringify(task)]);
  const figures = JSON.parse(stdout) as ReadFigures;
  const expected = pages * pageSize;
  if (figures.records === expected) return { ...figures, peakRss };
  throw new Error(`${task.way} read ${figures.records} records, the server has ${expected}`);
}
