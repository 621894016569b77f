import { describe, expect, it } from "vitest";
import { formatDiagnostic } from "../../generator/diagnostics.js";
import { printSchemas, printSource } from "../../generator/emit/print.js";
import { isModuleFile, toFileBase } from "../../generator/file-names.js";
import { buildSource } from "../../generator/ir/build.js";
import { parseText } from "../spec/parse-text.js";

/** Control, format and bidirectional characters, and line separators. */
const hostile = [
  "\u0000\u0007\u001b[2J\u007f\u0085\u009b",
  "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
  "\u00ad\u180e\ufff9\ufffb\u{e0001}\u{e0041}",
].join("");

/** The same characters, except line breaks, spaces and tabs. */
const found = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const text = `a${hostile}b`;

/** A spec that has the text wherever a text may be printed. */
const spec = {
  name: "x",
  description: text,
  docs_url: `https://example.com/${text}`,
  client: { base_url: "https://a.example", headers: { "X-A": "a" } },
  resources: [
    {
      name: `orders ${text}`,
      description: text,
      endpoint: {
        path: "/o",
        data_selector: "$",
        paginator: "single_page",
        params: { [`p${text}`]: { type: "input" }, q: text },
      },
      primary_key: `k${text}`,
      schema: {
        type: "object",
        description: text,
        properties: {
          [`k${text}`]: { type: "string", description: text, format: text },
          e: { enum: [text, "b"] },
          c: { const: text },
          t: { type: "array", prefixItems: [{ enum: [text] }] },
          u: { anyOf: [{ title: text, type: "object", properties: { [text]: { type: "string" } } }] },
          r: { $ref: "#/schemas/Shared" },
        },
      },
    },
  ],
  schemas: { Shared: { description: text, enum: [text] } },
};

describe("control and bidirectional characters of a spec", () => {
  it("are in no printed module", async () => {
    const parsed = await parseText(JSON.stringify(spec));
    expect(parsed.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    if (!parsed.spec) throw new Error("no spec");
    const source = buildSource(parsed.spec);
    for (const module of [await printSource(source), await printSchemas(source)]) {
      expect(module.slice((found.exec(module)?.index ?? Infinity) - 100).slice(0, 200)).toBe("");
      expect(module).not.toContain("@see");
    }
  });

  it.each(["https://example.com/a", "https://b\u00fccher.example/\u00e4"])(
    "do not keep %s out",
    async (url) => {
      const parsed = await parseText(JSON.stringify({ ...spec, docs_url: url }));
      if (!parsed.spec) throw new Error("no spec");
      expect(await printSource(buildSource(parsed.spec))).toContain(` * @see ${url}\n`);
    },
  );

  it("are in no diagnostic and no code frame", async () => {
    const wrong = { ...spec, [`key ${text}`]: text, resources: [{ name: text, nmae: text }] };
    const { diagnostics, frameText } = await parseText(JSON.stringify(wrong), { file: `f${text}.json` });
    expect(diagnostics.length).toBeGreaterThan(1);
    for (const each of diagnostics)
      expect(
        found.exec(
          formatDiagnostic(each, frameText).replaceAll(
            /[\u00ad\u180e\u200b\u2060\ufeff\ufff9\ufffb\u{e0001}\u{e0041}]/gu,
            "",
          ),
        ),
      ).toBeNull();
  });
});

const devices = ["con", "CON", "nul", "aux", "prn", "com0", "com1", "COM9", "lpt1", "Lpt9"];

describe("a name that Windows reserves for a device", () => {
  it.each(devices)("is no name of a module: %s", async (name) => {
    expect(toFileBase(name)).toBe(`${name}_`);
    expect([`${name}.ts`, `${name}.schemas.ts`].map(isModuleFile)).toEqual([false, false]);
    const parsed = await parseText(JSON.stringify({ ...spec, name }));
    if (!parsed.spec) throw new Error("no spec");
    const source = buildSource(parsed.spec);
    expect(source.names.file).toBe(`${name}_`);
    expect(isModuleFile(`${source.names.file}.ts`)).toBe(true);
    expect(await printSchemas(source)).toContain(`from "./${name}_.js"`);
  });

  it.each(devices)("of a file that gives the source its name is no name of a module: %s", async (name) => {
    const parsed = await parseText(JSON.stringify({ ...spec, name: undefined }), {
      file: `specs/${name}.json`,
    });
    expect(parsed.spec && buildSource(parsed.spec).names.file).toBe(`${name}_`);
  });

  it.each(["console", "con-1", "com", "com10", "nul_", "auxiliary"])("is not %s", (name) => {
    expect(toFileBase(name)).toBe(name);
  });
});

describe("the file name of a source", () => {
  it.each([
    { name: "Learning platform", file: "Learning-platform" },
    { name: "--a--", file: "a" },
    { name: "a - b", file: "a---b" },
    { name: "a/../../b", file: "a-b" },
    { name: "..\\..\\b", file: "b" },
    { name: "\u202eb", file: "b" },
    { name: "x".repeat(300), file: "x".repeat(100) },
    { name: `a${"-".repeat(100_000)}b`, file: "a" },
    { name: "\u65e5\u672c", file: "" },
    { name: "über größe", file: "uber-grosse" },
    { name: "Cafe\u0301 Olé", file: "Cafe-Ole" },
    { name: "e\u0301".repeat(300), file: "e".repeat(100) },
  ])("of $name is one that the manifest accepts", ({ name, file }) => {
    expect(toFileBase(name)).toBe(file);
    if (file) expect(isModuleFile(`${file}.schemas.ts`)).toBe(true);
  });
});
