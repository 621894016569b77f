import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as allKinds from "@connector-gen/runtime/kinds";
import type { FetchLike } from "@connector-gen/runtime/plugin";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import type { Kind } from "@connector-gen/runtime/kinds";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printSource } from "../../../generator/emit/print.js";
import { buildSource } from "../../../generator/ir/build.js";
import { createClient, type GeneratedModule } from "../../conformance/module.js";
import { specOf, specWith } from "../../spec/parse-text.js";
import { typeCheck } from "../../support/compile.js";

const folder = fileURLToPath(new URL(`../../../.scratch/auth-kinds-${process.pid}`, import.meta.url));

const kinds = Object.values(allKinds).filter(
  (value): value is Kind => typeof value === "object" && "family" in value && value.family === "auth",
);
const examples = kinds.flatMap((kind) =>
  kind.examples.map((example, n) => ({ name: `${kind.type} ${n + 1}`, kind, example })),
);

const keys: Readonly<Record<string, string>> = {
  RS256: pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 })),
  ES256: pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" })),
};

function pemOf({ privateKey }: ReturnType<typeof generateKeyPairSync>): string {
  return (privateKey as never as { export(options: object): string }).export({
    format: "pem",
    type: "pkcs8",
  });
}

/** The module of an example, as a client of `https://api.example.com/items`. */
async function generate(name: string, example: JsonValue): Promise<GeneratedModule> {
  // Some keys go into bodies.
  const spec = await specOf(
    specWith({ client: { auth: example }, endpoint: { method: "POST", json: { a: 1 } } }),
  );
  const source = buildSource(spec);
  const file = join(folder, `${name.replace(" ", "-")}.ts`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, await printSource(source));
  const { algorithm = "RS256" } = example as JsonObject;
  const key = keys[JSON.stringify(algorithm).slice(1, -1)] ?? "s3cr-key";
  const secrets = new Map(
    spec.secrets.map((secret) => [secret, secret === "signing_key" ? key : `s3cr-${secret}`]),
  );
  return { isRejected: false, file, source, secrets };
}

/** A request as it went out, in one text. */
interface Sent {
  readonly url: string;
  readonly text: string;
}

function fakeApi(): { readonly fetch: FetchLike; readonly sent: readonly Sent[] } {
  const sent: Sent[] = [];
  const fetch: FetchLike = (url, { headers, body = "" }) => {
    sent.push({
      url,
      text: decodeURIComponent(`${url} ${JSON.stringify(headers)} ${body}`.replaceAll("%", "%25")),
    });
    const token = "s3cr-issued";
    const reply = url.includes("/items")
      ? { items: [{ id: 1 }] }
      : { access_token: token, data: { token }, sid: token, expires_in: 3600 };
    return Promise.resolve(Response.json(reply));
  };
  return { fetch, sent };
}

const modules = new Map<string, GeneratedModule>();
let errors: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(async () => {
  for (const { name, example } of examples) modules.set(name, await generate(name, example));
  errors = typeCheck([...modules.values()].map(({ file }) => file));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("every auth kind", () => {
  it("has examples", () => {
    expect(kinds.map(({ type }) => type).sort()).toEqual([
      "api_key",
      "bearer",
      "custom",
      "http_basic",
      "jwt",
      "oauth2_client_credentials",
      "oauth2_refresh_token",
      "one_of",
      "session_token",
    ]);
    for (const kind of kinds) expect(kind.examples.length).toBeGreaterThan(0);
  });

  it.each(examples)("works as in its example: $name", async ({ name, kind }) => {
    const module = modules.get(name);
    if (!module) throw new Error("nothing was generated");
    expect(errors.get(module.file) ?? []).toEqual([]);
    const { fetch, sent } = fakeApi();
    const config = module.source.config.map(({ option }) => [option, `config-${option}`] as const);
    const client = await createClient(module, {
      ...Object.fromEntries(config),
      fetch,
      ...(kind.type === "custom" && { authorize: () => ({ headers: { Authorization: "s3cr-own" } }) }),
    });
    const records: unknown[] = [];
    for await (const record of client["items"]?.({}) ?? []) records.push(record);
    expect(records).toEqual([{ id: 1 }]);
    const last = sent.at(-1);
    expect(last?.url).toMatch(/^https:\/\/api\.example\.com\/items/);
    expect(isSecretIn(last?.text ?? "")).toBe(true);
    expect(sent).toHaveLength(/^(oauth2|session)/.test(kind.type) || asksForToken(module) ? 2 : 1);
  });
});

/** Raw, in base64 (`s3cr` at its beginning or behind a user name), or as a JWT. */
function isSecretIn(text: string): boolean {
  const [, basic = ""] = /Basic ([\w+/=]+)/.exec(text) ?? [];
  return /s3cr|Bearer eyJ/.test(text + Buffer.from(basic, "base64").toString());
}

function asksForToken({ source }: GeneratedModule): boolean {
  return /"tokenUrl"|"accessTokenUrl"/.test(
    JSON.stringify(Object.values(source.auth?.calls ?? {})[0] ?? source.auth),
  );
}
