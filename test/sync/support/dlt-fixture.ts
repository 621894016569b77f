import { readFileSync } from "node:fs";
import { join } from "node:path";
import { useDuckDb } from "./database.js";

/** Creates a file of DuckDB with a dataset that dlt has made and DuckDB has exported to a folder. */
export async function importDataset(folder: string, file: string): Promise<void> {
  await useDuckDb(file, async (query) => {
    for (const script of ["schema.sql", "load.sql"]) {
      const text = readFileSync(join(folder, script), "utf8").replaceAll(
        "{folder}",
        folder.replaceAll("'", "''"),
      );
      for (const statement of text.split(/;\n/).filter((each) => each.trim() !== "")) await query(statement);
    }
  });
}
