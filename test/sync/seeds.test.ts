import { join } from "node:path";
import type { GeneratedClient } from "@connector-gen/runtime";
import { sync } from "@connector-gen/sync";
import { afterAll, describe, expect, it } from "vitest";
import { compareTables } from "../../demo/compare.js";
import { createAnalytics } from "../../generated/analytics.js";
import { createLearningPlatform } from "../../generated/learning-platform.js";
import { createLMS } from "../../generated/lms.js";
import { createRestApi } from "../../generated/rest-api.js";
import { createScheduling } from "../../generated/scheduling.js";
import type { SourceIr } from "../../generator/ir/source-ir.js";
import { loadSources } from "../../generator/load-sources.js";
import type { EditRecords } from "../../generator/mock/mock.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { root } from "../support/paths.js";
import { reuseDuckDb, temporaryFolder } from "./support/database.js";

reuseDuckDb();

type Row = Readonly<Record<string, unknown>>;
type Factory = (options: { readonly baseUrl: string; readonly apiKey: string }) => GeneratedClient;

const folder = temporaryFolder();
afterAll(folder.remove);

const integrations: readonly (readonly [string, Factory])[] = [
  ["learning-platform", createLearningPlatform],
  ["lms", createLMS],
  ["rest-api", createRestApi],
  ["scheduling", createScheduling],
  ["analytics", createAnalytics],
];

async function sourceOf(name: string): Promise<SourceIr> {
  const { sources } = await loadSources([join(root, "specs", `${name}.json`)]);
  const [loaded] = sources;
  if (!loaded) throw new Error(`${name} has errors`);
  return loaded.source;
}

/** Every fifth record has changed, every seventh is deleted, and three are new. */
const edit: EditRecords = ({ count, record }) => {
  const kept = Array.from({ length: count + 3 }, (_, index) => index).filter((index) => index % 7 !== 6);
  return {
    count: kept.length,
    record: (index) => {
      const number = kept[index] ?? index;
      const own = record(number) as Readonly<Record<string, never>>;
      // Only the key stays; lists may become shorter or longer.
      return number % 5 === 0 ? { ...(record(number + 500) as object), id: own["id"] as never } : own;
    },
  };
};

describe("the five integrations", () => {
  it.each(integrations)(
    "%s: two runs with merge leave the tables of the API, row by row",
    async (name, create) => {
      const source = await sourceOf(name);
      const file = join(folder.path, `${name}.duckdb`);
      const truth = new Map<string, Map<unknown, Row>>();
      for (const changes of [{}, { edit }]) {
        const mock = await startMock([source], { records: 40, ...changes });
        try {
          const report = await sync(create({ baseUrl: mock.url, apiKey: "any" }), {
            to: `duckdb:${file}`,
            batchRows: 100,
          });
          expect(report).toMatchObject({ status: "complete", rejected: 0 });
          for (const { name: resource } of source.resources) {
            const rows = truth.get(resource) ?? new Map<unknown, Row>();
            truth.set(resource, rows);
            for (let index = 0; index < mock.expected(source.name, resource); index++) {
              const record = mock.record(source.name, resource, index) as Row;
              rows.set(record["id"], record);
            }
          }
        } finally {
          await mock.close();
        }
      }
      const { differences, rows } = await compareTables(file, source, (resource) => [
        ...(truth.get(resource)?.values() ?? []),
      ]);
      expect(differences).toEqual([]);
      expect(rows).toBeGreaterThan(40);
    },
  );
});
