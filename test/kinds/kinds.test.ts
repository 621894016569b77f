import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientOptions, JsonObject, JsonValue } from "@connector-gen/runtime";
import type { FetchLike } from "@connector-gen/runtime/plugin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printSource } from "../../generator/emit/print.js";
import { buildSource } from "../../generator/ir/build.js";
import { startMock } from "../../generator/mock/start-mock.js";
import { allKinds } from "../../generator/spec/kinds.js";
import { createClient, type GeneratedModule } from "../conformance/module.js";
import { specOf, specWith } from "../spec/parse-text.js";
import { typeCheck } from "../support/compile.js";
import { root } from "../support/paths.js";
import { records, settings, type Sent, type Setting } from "./settings.js";

// Every kind is tested with its own examples: spec → IR → printed module → compiler → requests and records.
const folder = join(root, ".scratch", `kinds-${process.pid}`);

const examples = allKinds.flatMap((kind) =>
  kind.examples.map((example, n) => ({ name: `${kind.family} ${kind.type} ${n + 1}`, kind, example })),
);
type Example = (typeof examples)[number];

const keys: Readonly<Record<string, string>> = {
  RS256: pemOf(generateKeyPairSync("rsa", { modulusLength: 1024 })),
  ES256: pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" })),
};

function pemOf({ privateKey }: ReturnType<typeof generateKeyPairSync>): string {
  return (privateKey as never as { export(options: object): string }).export({
    format: "pem",
    type: "pkcs8",
  });
}

/** Writes the module of an example, a client of `https://api.example.com/items`. */
async function generate({ name, kind, example }: Example): Promise<GeneratedModule> {
  const spec = await specOf(specWith(settings[kind.family].spec(example, kind)));
  const source = buildSource(spec);
  const file = join(folder, `${name.replaceAll(" ", "-")}.ts`);
  writeFileSync(file, await printSource(source));
  const { algorithm = "RS256" } = Object(example) as JsonObject;
  const key = (typeof algorithm === "string" && keys[algorithm]) || "s3cr-key";
  const secrets = new Map(
    spec.secrets.map((secret) => [secret, secret === "signing_key" ? key : `s3cr-${secret}`]),
  );
  return { isRejected: false, file, source, secrets };
}

/** A transport that responds by a setting, and the requests that it received. */
function fakeApi(
  { respond = () => Response.json({ items: records }) }: Setting,
  example: Pick<Example, "kind" | "example">,
): { readonly fetch: FetchLike; readonly sent: readonly Sent[] } {
  const sent: Sent[] = [];
  const fetch: FetchLike = (url, { headers, body = "" }) => {
    const text = `${url} ${JSON.stringify(headers)} ${body}`;
    const request = {
      url,
      body,
      text: decodeURIComponent(text.replaceAll("%", "%25")),
    };
    sent.push(request);
    return Promise.resolve(respond(request, example));
  };
  return { fetch, sent };
}

/** The options of a client for any example. */
function optionsFor({ source }: GeneratedModule): ClientOptions {
  const config = source.config.map(
    ({ option, isList }) => [option, isList ? ["eu", "us"] : `config-${option}`] as const,
  );
  return {
    ...Object.fromEntries(config),
    authorize: () => ({ headers: { Authorization: "s3cr-own" } }),
    hooks: { items: { filter: () => true, map: (record: unknown) => record } },
  } as ClientOptions;
}

const modules = new Map<string, GeneratedModule>();
let errors: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  for (const example of examples) modules.set(example.name, await generate(example));
  errors = typeCheck([...modules.values()].map(({ file }) => file));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("every kind", () => {
  it("has a word of its own in its family", () => {
    const words = allKinds.map(({ family, type }) => `${family} ${type}`);
    expect(words).toEqual([...new Set(words)]);
    expect(words.length).toBeGreaterThan(30);
  });

  it.each(allKinds.filter(({ isDerived }) => !isDerived))("has examples: $family $type", (kind) => {
    expect(kind.examples.length).toBeGreaterThan(0);
  });

  it.each(examples)("works as in its example: $name", async ({ name, kind, example }) => {
    const module = modules.get(name);
    if (!module) throw new Error("nothing was generated");
    expect(errors.get(module.file) ?? []).toEqual([]);
    const setting = settings[kind.family];
    const { fetch, sent } = fakeApi(setting, { kind, example });
    const mock = setting.isServed ? await startMock([module.source], { records: 107 }) : undefined;
    try {
      const options = optionsFor(module);
      const accepted = acceptedBy(module, options);
      const client = await createClient(
        module,
        mock ? { ...accepted, baseUrl: mock.url } : { ...accepted, fetch },
      );
      const read = (await client["items"]?.({}).toArray()) as readonly JsonObject[];
      setting.check({ kind, example, source: module.source, sent, records: read });
    } finally {
      await mock?.close();
    }
  });
});

/** Clients reject unknown options. */
function acceptedBy({ source }: GeneratedModule, options: ClientOptions): ClientOptions {
  const names = new Set([
    ...source.config.map(({ option }) => option),
    ...source.clientOptions.map(({ name }) => name),
    ...(source.names.hooks ? ["hooks"] : []),
  ]);
  const entries = Object.entries(options as Readonly<Record<string, JsonValue>>);
  return Object.fromEntries(entries.filter(([name]) => names.has(name)));
}
