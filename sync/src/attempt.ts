import type { RunContext } from "./load-resource.js";

/** Runs `work` in a transaction and takes it back. Returns why the database refuses rows in it, or `undefined`. */
export async function attempt(
  { writer, catalog: { dialect } }: Pick<RunContext, "writer" | "catalog">,
  work: () => Promise<unknown>,
): Promise<string | undefined> {
  const isFine = Symbol("taken back");
  try {
    await writer.transaction("probe", async () => {
      await work();
      if (dialect.checkConstraints !== undefined) await writer.connection.run(dialect.checkConstraints);
      throw isFine as unknown;
    });
    return undefined;
  } catch (error) {
    if (error === isFine) return undefined;
    if (!dialect.isRefusal?.(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
