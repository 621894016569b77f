import type { Result } from "./report.js";

/**
 * Findings that are known and not yet fixed, by the level, the row of the table and a part of the run's name. The matrix
 * counts them; the sample in `npm test` does not fail because of them.
 */
const open: readonly { readonly level: string; readonly row?: RegExp; readonly name?: RegExp }[] = [
];

/** Returns the results without those that are known to fail. */
export function withoutOpen(results: readonly Result[]): readonly Result[] {
  return results.filter(
    (result) =>
      !open.some(
        ({ level, row, name }) =>
          result.level === level && (row?.test(result.row) ?? true) && (name?.test(result.name) ?? true),
      ),
  );
}
