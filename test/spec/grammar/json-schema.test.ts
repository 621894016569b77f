import { readFile, writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";
import { getLanguageService, type JSONSchema, TextDocument } from "vscode-json-languageservice";

import { specJsonSchema } from "../../../generator/spec/grammar/json-schema.js";
import { kindsOf } from "../../../generator/spec/kinds.js";
import { rowsOf } from "../../../generator/spec/options.js";

test("schema.json is up to date (UPDATE=1 rewrites it)", async () => {
  const file = new URL("../../../schema.json", import.meta.url);
  const want = `${JSON.stringify(specJsonSchema(), null, 2)}\n`;
  if (process.env["UPDATE"]) await writeFile(file, want);
  expect(await readFile(file, "utf8")).toBe(want);
});

test("every key has a description", () => {
  const missing: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (key === "examples") continue;
      if (key === "properties" && !/\/(?:if|properties)$/.test(path)) {
        for (const [name, schema] of Object.entries(part as Record<string, unknown>)) {
          if (schema !== true && !hasDescription(schema)) missing.push(`${path}/${name}`);
        }
      }
      visit(part, `${path}/${key}`);
    }
  };
  visit(specJsonSchema(), "#");
  expect(missing).toEqual([]);
});

function hasDescription(schema: unknown): boolean {
  const { description, $ref } = schema as { description?: string; $ref?: string };
  const target = $ref === undefined ? undefined : definition($ref.split("/").at(-1) ?? "");
  return (description ?? target?.description ?? "").length > 0;
}

function definition(name: string): { description?: string } | undefined {
  return (specJsonSchema()["definitions"] as Record<string, { description?: string }>)[name];
}

const service = getLanguageService({
  schemaRequestService: () => Promise.resolve(JSON.stringify(specJsonSchema())),
});
service.configure({ schemas: [{ uri: "schema://spec", fileMatch: ["*.json"], schema: specJsonSchema() }] });

/** The description that an editor shows at an offset. */
async function hover(text: string, offset: number): Promise<string> {
  const document = TextDocument.create("file:///spec.json", "jsonc", 1, text);
  const shown = await service.doHover(
    document,
    document.positionAt(offset),
    service.parseJSONDocument(document),
  );
  return JSON.stringify(shown?.contents ?? "");
}

/** The completions of an editor at `|`, the texts that they insert, and its problems. */
async function edit(text: string): Promise<{ offers: string[]; inserts: string[]; complaints: string[] }> {
  const offset = Math.max(0, text.indexOf("|"));
  const document = TextDocument.create("file:///spec.json", "jsonc", 1, text.replace("|", ""));
  const json = service.parseJSONDocument(document);
  const list = await service.doComplete(document, document.positionAt(offset), json);
  const found = await service.doValidation(document, json);
  return {
    offers: (list?.items ?? []).map((item) => item.label),
    inserts: (list?.items ?? []).map((item) => item.insertText ?? ""),
    complaints: found.map(({ message }) => (typeof message === "string" ? message : message.value)),
  };
}

/** The problems of the examples of all keys. */
async function checkExamples(): Promise<string[]> {
  const { definitions, ...root } = specJsonSchema();
  const complaints: string[] = [];
  const pending: unknown[] = [root, definitions];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const { examples, ...schema } = next as Record<string, unknown>;
    pending.push(...Object.values(schema));
    for (const example of Array.isArray(examples) ? (examples as unknown[]) : []) {
      const text = JSON.stringify(example);
      const document = TextDocument.create("file:///example.json", "json", 1, text);
      // The service replaces references by their targets.
      const whole = structuredClone({ ...schema, definitions });
      const found = await service.doValidation(
        document,
        service.parseJSONDocument(document),
        {},
        whole as JSONSchema,
      );
      complaints.push(...found.map(({ message }) => `${text}: ${JSON.stringify(message)}`));
    }
  }
  return complaints;
}

const client = (inside: string): string =>
  `{ "client": { "base_url": "https://x.y", ${inside} }, "resources": [] }`;
const words = (family: "paginator" | "auth"): string[] => kindsOf(family).map((kind) => kind.type);

test("the examples of every key are valid", async () => {
  expect(await checkExamples()).toEqual([]);
});

describe("in an editor", () => {
  test("root keys are completed", async () => {
    expect((await edit('{ "|" }')).offers).toEqual(
      expect.arrayContaining(["client", "resources", "schemas", "name"]),
    );
  });

  test.each(["paginator", "auth"] as const)("every type of %s is completed", async (family) => {
    const { offers } = await edit(client(`"${family}": { "type": "|" }`));
    expect(offers.map((label) => label.replaceAll('"', "")).sort()).toEqual(words(family).sort());
  });

  test.each(["paginator", "auth"] as const)("the shorthands of %s are completed", async (family) => {
    const { offers } = await edit(client(`"${family}": |`));
    expect(offers).toContain(family === "auth" ? '"bearer"' : '"none"');
  });

  test("type comes first", async () => {
    expect((await edit(client('"paginator": { "|" }'))).offers).toEqual(["type"]);
  });

  test.each(kindsOf("paginator").map((kind) => kind.type))("the keys of %s follow", async (type) => {
    const { offers } = await edit(client(`"paginator": { "type": "${type}", "|" }`));
    const kind = kindsOf("paginator").find((one) => one.type === type);
    expect(offers.sort()).toEqual(
      kind
        ? rowsOf(kind)
            .map((row) => row.key)
            .sort()
        : [],
    );
  });

  test("an auth block without type is a bearer token", async () => {
    expect((await edit(client('"auth": { "|" }'))).offers.sort()).toEqual(["token", "type"]);
    expect((await edit(client('"auth": { "token": "{secrets.x}" }'))).complaints).toEqual([]);
  });

  test("a key whose value has several forms is completed with the first one", async () => {
    const { inserts } = await edit(client("|"));
    for (const key of ["auth", "paginator", "retry", "rate_limit", "headers"])
      expect(inserts).toContainEqual(expect.stringMatching(new RegExp(`^"${key}": \\{[^]*\\}$`)));
  });

  test("code in descriptions is shown as code", async () => {
    const text = client('"paginator": { "type": "cursor" }, "rate_limit": {}');
    for (const [word, want] of [
      ["cursor", "then `?cursor=abc`"],
      ["client", "requests"],
    ] as const)
      expect(await hover(text, text.indexOf(`"${word}"`) + 2)).toContain(want);
    const hovers = await Promise.all([...text.matchAll(/"\w+"/g)].map(({ index }) => hover(text, index + 2)));
    expect(hovers.filter((shown) => shown.includes("\\`"))).toEqual([]);
  });

  test("methods, keywords and nested keys are completed", async () => {
    const resource = (inside: string): string =>
      `{ "client": { "base_url": "https://x.y" }, "resources": [{ "name": "a", ${inside} }] }`;
    expect((await edit(resource('"endpoint": { "method": "|" }'))).offers).toEqual(
      expect.arrayContaining(['"GET"', '"POST"']),
    );
    expect((await edit(resource('"schema": { "properties": { "a": { "|" } } }'))).offers).toContain("format");
    expect((await edit(resource('"write_disposition": "|"'))).offers).toEqual(
      expect.arrayContaining(['"merge"', '"skip"']),
    );
  });

  test.each([
    ['"paginator": { "type": "offset", "limit": 1, "limt": 2 }', "Property limt is not allowed."],
    ['"paginator": { "type": "offset" }', 'Missing property "limit".'],
    ['"timeout": "60"', 'Incorrect type. Expected "number".'],
    ['"base_ur": 1', "Property base_ur is not allowed."],
  ])("%s: %s", async (inside, message) => {
    expect((await edit(client(inside))).complaints).toEqual([message]);
  });

  test("the specs of this repository and all examples of kinds are valid", async () => {
    const examples = (["paginator", "auth"] as const).flatMap((family) =>
      kindsOf(family).flatMap((kind) =>
        kind.examples.map((example) => client(`"${family}": ${JSON.stringify(example)}`)),
      ),
    );
    const spec = await readFile(new URL("../../../specs/analytics.json", import.meta.url), "utf8");
    for (const text of [...examples, spec]) expect((await edit(text)).complaints).toEqual([]);
  });
});
