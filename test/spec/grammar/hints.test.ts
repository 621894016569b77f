import { describe, expect, test } from "vitest";

import { isError } from "../../../generator/diagnostics.js";
import { messagesOf, parseText, parseValue, pointedAt, specWith } from "../parse-text.js";

describe("a document of another format", () => {
  const formats = [
    {
      given: { openapi: "3.1.0", info: { title: "x" }, paths: {} },
      at: "openapi",
      what: "an OpenAPI document",
    },
    { given: { swagger: "2.0", paths: {} }, at: "swagger", what: "a Swagger document" },
    { given: { info: { name: "x" }, item: [] }, at: "item", what: "a Postman collection" },
    { given: { log: { entries: [] } }, at: "log", what: "a HAR recording" },
    { given: { type: "DeclarativeSource", streams: [] }, at: "streams", what: "an Airbyte manifest" },
  ];
  test.each(formats)("is one diagnostic that names the format: $what", async ({ given, at, what }) => {
    const text = JSON.stringify(given);
    const { spec, diagnostics } = await parseText(text);
    expect(spec).toBeUndefined();
    expect(diagnostics.map((one) => [one.code, pointedAt(text, one)])).toEqual([["not-a-spec", `"${at}"`]]);
    expect(messagesOf(diagnostics)[0]).toContain(`this is ${what}, not a spec: "connector-gen init URL`);
  });

  test("is not a spec with a key of that name", async () => {
    const { diagnostics } = await parseValue({ ...specWith(), openapi: "3.1.0" });
    expect(diagnostics.map(({ code }) => code)).toEqual(["unknown-key"]);
  });
});

describe("names of types from other languages", () => {
  test.each([
    ["bool", "boolean"],
    ["int", "integer"],
    ["float", "number"],
    ["str", "string"],
    ["list", "array"],
    ["dict", "object"],
    ["datetime", "string"],
    ["None", "null"],
  ])("in a schema, %s means %s", async (type, want) => {
    const { diagnostics } = await parseValue(
      specWith({ resource: { schema: { type: "object", properties: { a: { type } } } } }),
    );
    expect(messagesOf(diagnostics)).toEqual([expect.stringMatching(`; did you mean "${want}"\\?$`)]);
  });

  test.each([
    ["boolean", "bool"],
    ["integer", "bigint"],
    ["float", "double"],
    ["string", "text"],
    ["array", "json"],
    ["datetime", "timestamp"],
  ])("in columns of dlt, %s means %s", async (data_type, want) => {
    const { diagnostics } = await parseValue(
      specWith({ resource: { schema: undefined, columns: { a: { data_type } } } }),
    );
    expect(messagesOf(diagnostics)).toEqual([expect.stringMatching(`; did you mean "${want}"\\?$`)]);
  });
});

test("a placeholder without quotes in YAML is an error that quotes it", async () => {
  const lines = [
    "client:",
    "  base_url: https://a.example",
    "  auth: { type: bearer, token: {secrets.token} }",
  ];
  const { diagnostics: all } = await parseText([...lines, "resources: [items]"].join("\n"), {
    file: "a.yaml",
  });
  const diagnostics = all.filter(isError);
  expect(messagesOf(diagnostics)).toEqual([
    'wrong-type: client.auth.token must be text, not an object: write the placeholder in quotes, "{secrets.token}"',
  ]);
});
