import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import { allKinds } from "../../generator/spec/kinds.js";
import { loadSpec } from "../../generator/spec/load/load.js";
import { parseSpec } from "../../generator/spec/parse.js";
import type { ReadFailure, ErrorCode } from "../../runtime/src/errors.js";
import type { ClientOptions, ReadOptions } from "../../runtime/src/index.js";
import { fail } from "../../runtime/src/plugin.js";
import { errorOf } from "../runtime/fixtures.js";
import { root } from "../support/paths.js";
import { compileBlocks } from "./code-blocks.js";
import { readDeclarations } from "./declarations.js";
import { fencesOf, firstColumnOf, folder, linksOf, sectionOf, tableOf } from "./pages.js";
import { createShop } from "./shop-client.js";

const read = (file: string): string => readFileSync(join(folder, file), "utf8");
const clients = read("clients.md");
const events = read("events.md");
const errors = read("errors.md");
const checkpoints = read("checkpoints.md");
const network = read("network.md");
const readme = readFileSync(join(root, "runtime/README.md"), "utf8");
const optionTypes = readDeclarations("client/options.ts");
const errorTypes = readDeclarations("errors.ts");

describe("the page of clients", () => {
  it.each([
    { section: "Client options", names: optionTypes.propertiesOf("ClientOptions") },
    { section: "Read options", names: optionTypes.propertiesOf("ReadOptions") },
    { section: "Retry options", names: readDeclarations("http/retry.ts").propertiesOf("RetryPolicy") },
    {
      section: "Rate limits",
      names: readDeclarations("limit/rate-limit.ts").propertiesOf("RateLimitOptions"),
    },
  ])("lists and shows every option: $section", ({ section, names }) => {
    const text = sectionOf(clients, section);
    expect(firstColumnOf(text, "Option")).toEqual(names);
    const code = fencesOf(text, "ts").join("\n");
    expect(names.filter((name) => !new RegExp(`\\b${name}:`).test(code))).toEqual([]);
  });

  it("lists every property of a page", () => {
    const { propertiesOf } = readDeclarations("read/page.ts");
    expect(firstColumnOf(clients, "Page")).toEqual(propertiesOf("Page"));
  });

  const checks = Array.from(
    fencesOf(sectionOf(clients, "How options are checked"), "text")
      .join("")
      .matchAll(/^(\{.*\}) {2,}(.*)$|^(\{.* \}) (.*)$/gm),
    ([, a, b, c, d]) => ({ options: a ?? c ?? "", outcome: b ?? d ?? "" }),
  );

  it("shows how options are checked", () => expect(checks.length).toBeGreaterThan(8));

  it.each(checks)("is right about $options", async ({ options, outcome }) => {
    const given = runInThisContext(`(${options})`) as ClientOptions & ReadOptions;
    if (outcome === "the default applies") {
      expect(() => createShop(given)).not.toThrow();
      return;
    }
    expect(() => createShop(given)).toThrow(`shop: ${outcome}`);
    const error = await errorOf(createShop({}).customers(given).toArray());
    expect(error).toMatchObject({ code: "INVALID_OPTIONS", message: `shop.customers: ${outcome}` });
  });

  it("quotes the error of a missing secret", async () => {
    const error = await errorOf(createShop({}).orders().toArray());
    expect(fencesOf(clients, "text")).toContain(`${error.message}\n`);
  });
});

describe("the page of events", () => {
  const types = optionTypes.alternativesOf("EventBody");
  const kindOf = (type: string): string => optionTypes.literalOf(type, "type");

  it("has a section for every type of event", () => {
    const headings = [...events.matchAll(/^## `(.*)`$/gm)].map(([, name]) => name);
    expect(headings).toEqual(types.map(kindOf));
  });

  it.each(types)("lists every property of %s", (type) => {
    const names = optionTypes.propertiesOf(type).filter((name) => name !== "type" && name !== "page");
    expect(firstColumnOf(sectionOf(events, kindOf(type)), "Property")).toEqual(names);
  });

  it("lists the properties of all events", () => {
    const names = ["type", ...optionTypes.propertiesOf("EventPlace"), "page"];
    expect(firstColumnOf(sectionOf(events, "Events"), "Property")).toEqual(names);
  });

  it("lists every reason for the end of a read", () => {
    const reasons = readDeclarations("paginators/paginator.ts").alternativesOf("StopReason");
    expect([...firstColumnOf(events, "reason")].sort()).toEqual([...reasons].sort());
  });
});

describe("the page of errors", () => {
  const codes = errorTypes.alternativesOf("ErrorCode") as readonly ErrorCode[];

  it("lists every code under its class", () => {
    const classes = errorTypes.alternativesOf("ErrorName");
    const listed = classes.flatMap((name) =>
      firstColumnOf(sectionOf(errors, name), "Code").map((code) => ({ name, code })),
    );
    const actual = codes.map((code) => ({ name: classOf(code), code }));
    const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);
    expect(listed.sort(byCode)).toEqual(actual.sort(byCode));
  });

  it("states for every code when it occurs and how to fix it", () => {
    const rows = errorTypes
      .alternativesOf("ErrorName")
      .flatMap((name) => tableOf(sectionOf(errors, name), "Code"));
    expect(rows.filter((row) => row.length !== 4 || row.includes(""))).toEqual([]);
  });

  it("lists every property", () => {
    const own = ["ConnectorError", "HttpError"].flatMap(errorTypes.propertiesOf);
    const listed = firstColumnOf(sectionOf(errors, "Properties"), "Property");
    expect([...listed].sort()).toEqual([...new Set([...own, "message", "cause"])].sort());
  });

  it("lists every guard with its class", () => {
    const guards = errorTypes.functions.filter((name) => /^is.*Error$/.test(name));
    const rows = tableOf(sectionOf(errors, "Guards"), "Guard");
    expect(rows.map(([guard]) => guard).sort()).toEqual([...guards].sort());
    expect(rows.map(([, name]) => name)).toEqual(errorTypes.alternativesOf("ErrorName"));
    for (const [guard, name] of rows) expect(guard).toBe(`is${name ?? ""}`);
  });
});

/** The class of errors with a code. */
function classOf(code: ErrorCode): string {
  try {
    return fail(code, "");
  } catch (failure) {
    return (failure as ReadFailure).family.name;
  }
}

it("the page of checkpoints lists every property", () => {
  const { propertiesOf } = readDeclarations("checkpoint.ts");
  expect(firstColumnOf(sectionOf(checkpoints, "Contents"), "Property")).toEqual(propertiesOf("Checkpoint"));
  const state = tableOf(checkpoints, "Property").find(([name]) => name === "state");
  for (const name of propertiesOf("ReadState")) expect(state?.join(" ")).toContain(name);
});

/** Generates the module of a spec in a page. */
async function moduleOf(text: string): Promise<string> {
  const { spec, diagnostics } = parseSpec(await loadSpec("spec.json", text), { literalSecrets: "error" });
  expect(diagnostics).toEqual([]);
  return spec ? await printSource(buildSource(spec)) : "";
}

it("every block of code compiles", async () => {
  const pages = { clients, events, errors, checkpoints, network, readme };
  const blocks = Object.entries(pages).flatMap(([page, text]) =>
    fencesOf(text, "ts").map((code, index) => [`${page}-${index + 1}`, code] as const),
  );
  expect(blocks.length).toBeGreaterThan(20);
  const [crm = ""] = fencesOf(sectionOf(clients, "Options that a spec adds"), "json");
  const generated = new Map([["crm.ts", await moduleOf(crm)]]);
  expect(compileBlocks(new Map(blocks), generated)).toEqual([]);
});

it("the page of clients lists the options that a spec adds", async () => {
  const section = sectionOf(clients, "Options that a spec adds");
  const [crm = ""] = fencesOf(section, "json");
  const names = /optionNames: \[([^\]]*)\]/.exec(await moduleOf(crm))?.[1]?.match(/\w+/g) ?? [];
  expect(firstColumnOf(section, "Option")).toEqual(names);
  for (const { type, clientOptions } of allKinds)
    if (clientOptions) expect(section).toContain(`auth.md#${type}`);
});

it("the spec in the runtime's README becomes the client of its examples", async () => {
  const [text = ""] = fencesOf(readme, "json");
  const module = await moduleOf(text);
  expect(module).toContain("export function createShop(options: ShopOptions = {}): Shop {");
  expect(module).toContain("customers(options?: ReadOptions): RecordStream<Customer>;");
});

it.each([
  { file: "README.md", prefix: "docs/reference/" },
  { file: "runtime/README.md", prefix: "../docs/reference/" },
  { file: "docs/reference/README.md", prefix: "" },
])("$file links to the pages", ({ file, prefix }) => {
  const pages = ["clients.md", "events.md", "errors.md", "checkpoints.md", "network.md"].map(
    (page) => prefix + page,
  );
  expect(linksOf(readFileSync(join(root, file), "utf8"))).toEqual(expect.arrayContaining(pages));
});
