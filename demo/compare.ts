import type { Mock, SourceIr } from "connector-gen";
import { readLines } from "./json-lines.js";

/** Where a file of records begins to differ from what the server has: nothing when every record is there once, in order. */
export async function findDifference(
  file: string,
  mock: Mock,
  place: { readonly source: SourceIr; readonly resource: string },
): Promise<string | undefined> {
  const { source, resource } = place;
  const expected = mock.expected(source.name, resource);
  let index = 0;
  for await (const line of readLines(file)) {
    const want = index < expected ? JSON.stringify(mock.record(source.name, resource, index)) : "nothing";
    if (line !== want) return `${resource}: record ${index} is ${shorten(line)} instead of ${shorten(want)}`;
    index++;
  }
  return index === expected ? undefined : `${resource}: ${index} records instead of ${expected}`;
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
