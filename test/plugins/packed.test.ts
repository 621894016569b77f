import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, inject, it } from "vitest";
import { answer, serve } from "../runtime/server.js";
import { root } from "../support/paths.js";

const run = promisify(execFile);
const app = inject("app");
const names = readdirSync(join(root, "examples/plugins")).filter((name) => name.endsWith(".ts"));

const modules = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

/** An app with the packed runtime, Node's types and the library that a plug-in needs. */
beforeAll(() => {
  cpSync(join(root, "examples/plugins"), join(app, "plugins"), { recursive: true });
  mkdirSync(join(app, "node_modules/@rgrove"), { recursive: true });
  symlinkSync(
    join(root, "node_modules/@rgrove/parse-xml"),
    join(app, "node_modules/@rgrove/parse-xml"),
    "junction",
  );
});

it.each(modules)("compile in an app (module kind $module), and run there", async (resolution) => {
  const project = join(app, `plugins-${resolution.module}.json`);
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    isolatedDeclarations: true,
    declaration: true,
    // compatibility.test.ts checks the runtime's declarations; Node's need no check.
    skipLibCheck: true,
    target: "es2022",
    lib: ["es2022"],
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    rootDir: "plugins",
    outDir: `plugins-${resolution.module}`,
    ...resolution,
  };
  writeFileSync(project, JSON.stringify({ compilerOptions, files: names.map((name) => `plugins/${name}`) }));
  // Fails with the compiler's errors.
  await run(process.execPath, [join(root, "node_modules/ts70/bin/tsc"), "-p", project], { cwd: app });

  const { url } = await serve((_, response) =>
    answer(response, 200, { body: '<orders><order id="7"><total>12.50</total></order></orders>' }),
  );
  const main = `import { createShop } from "./plugins-${resolution.module}/shop.js";
const shop = createShop({ baseUrl: "${url}", keyId: "k1", signingKey: "${"0f".repeat(32)}" });
console.log(JSON.stringify(await shop.orders().toArray()));
const broken = createShop({ baseUrl: "${url}", keyId: "k1", signingKey: "short" });
console.log(await broken.orders().first().catch(({ name, code }) => name + " " + code));
`;
  writeFileSync(join(app, "read-shop.js"), main);
  const { stdout } = await run(process.execPath, ["read-shop.js"], { cwd: app });
  expect(stdout).toBe('[{"@id":"7","total":"12.50"}]\nAuthError NO_CREDENTIALS\n');
});
