import { messageOf } from "./errors.js";
import type { ResourceLoad, RunContext } from "./load-resource.js";
import { commentSql } from "./sql.js";

/** A comment that a table or column should have. */
interface Comment {
  readonly table: string;
  readonly column: string | null;
  readonly text: string;
}

/**
 * Sets the comments of a resource's tables and columns to the descriptions of the spec. A comment without a description
 * stays unchanged.
 */
export async function writeComments({ writer, catalog }: RunContext, load: ResourceLoad): Promise<void> {
  const { connection } = writer;
  const wanted = describeTables(load).filter(({ table }) => catalog.tables.has(table));
  if (wanted.length === 0 || !connection.comments) return;
  const { schema } = catalog.ref("");
  try {
    await writer.transaction("comments", async () => {
      const found = (await connection.comments?.(schema)) ?? [];
      const present = new Map(found.map(({ table, column, comment }) => [keyOf(table, column), comment]));
      for (const { table, column, text } of wanted) {
        if (present.get(keyOf(table, column)) === text) continue;
        await connection.run(commentSql(catalog.ref(table), column, text));
      }
    });
  } catch (error) {
    // The rows are already in the tables. Only the owner of a table may set its comments.
    load.progress.tell("notice", `no comments were written: ${messageOf(error)}`);
  }
}

/** Returns the comments of the tables and columns that the records have filled. */
function describeTables({ normalizer, plan }: ResourceLoad): readonly Comment[] {
  const { descriptions } = plan.hints;
  if (!descriptions) return [];
  return normalizer.tables.flatMap(({ name, path, owners }) => {
    const places = [[null, path.replace(/(\[\])+$/, "")] as const, ...owners];
    return places.flatMap(([column, place]): readonly Comment[] => {
      const text = descriptions[place];
      return text === undefined ? [] : [{ table: name, column, text }];
    });
  });
}

function keyOf(table: string, column: string | null): string {
  return JSON.stringify([table, column]);
}
