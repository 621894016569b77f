import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";

/** Writes records to a file, one line each, no faster than the disk takes them. */
export async function writeLines(file: string, records: AsyncIterable<unknown>): Promise<void> {
  const stream = createWriteStream(file);
  try {
    for await (const record of records) {
      if (!stream.write(`${JSON.stringify(record)}\n`)) await once(stream, "drain");
    }
  } finally {
    // What was read before an error or an abort is kept.
    stream.end();
    await finished(stream);
  }
}

/** The lines of a file, one by one. */
export function readLines(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

/** How many lines a file has. */
export async function countLines(file: string): Promise<number> {
  let count = 0;
  for await (const line of readLines(file)) count += line === "" ? 0 : 1;
  return count;
}
