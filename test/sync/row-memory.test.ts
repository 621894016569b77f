import { expect, it, vi } from "vitest";
import type { Column, RowBatch } from "../../sync/src/destination.js";

const columns: readonly Column[] = [
  { name: "_cg_hash", type: "text" },
  { name: "value", type: "wei" },
];

/** Hashes rows in new memory. */
async function hashAnew(cells: readonly bigint[]): Promise<RowBatch["values"][number] | undefined> {
  vi.resetModules();
  const { withHashes } = await import("../../sync/src/tables/row-hash.js");
  return withHashes({ columns, values: [[], cells], count: cells.length, technical: 1, hasHashes: true })
    .values[0];
}

it("hashes small integers after large ones, wherever the memory ends", async () => {
  const [small] = (await hashAnew([1n])) ?? [];
  // The first page of memory, 64 KB, ends among the small integers for some of these numbers of large ones.
  for (let large = 1450; large < 1600; large += 10) {
    const cells = Array.from({ length: large + 100 }, (_, row) => (row < large ? 10n ** 37n : 1n));
    expect((await hashAnew(cells))?.slice(large)).toEqual(Array.from({ length: 100 }, () => small));
  }
});
