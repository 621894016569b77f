import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/paths.js";
import { readFixture } from "./fixtures.js";
import { describeImport } from "./requests.js";

const folder = join(root, "test/import/corpus");
const files = readdirSync(folder).filter((file) => !file.endsWith(".txt"));

// Each source has a text beside it: the messages of its import, and the requests that its clients then send.
// UPDATE=1 rewrites these texts.
describe("dlt sources as people write them", () => {
  it.each(files)("%s", async (file) => {
    const text = await describeImport(file, readFixture(`corpus/${file}`));
    const expected = `corpus/${file}.txt`;
    if (process.env["UPDATE"] === "1") writeFileSync(join(root, "test/import", expected), text);
    expect(text).toBe(readFixture(expected));
  });

  it("are at least forty", () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
  });
});
