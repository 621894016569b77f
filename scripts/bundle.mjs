// Bundles the command line into a few files that load fast.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

/** Replaced by the hash of the bundle, which tells builds of the same version apart. */
const placeholder = "@build-of-connector-gen@";

/** Packages that stay outside: few commands use them. They load from `node_modules` when they are needed. */
const external = ["@clack/prompts", "@faker-js/faker", "@lezer/*", "chokidar", "diff", "yaml"];

/**
 * CommonJS packages that `require` loads: `import` would search their 12 MB for exports first. The compiler that ts-morph
 * contains is the only one: zod-to-ts, which imports `typescript`, gets it too.
 */
const required = {
  "ts-morph": 'module.exports = require("ts-morph")',
  typescript: 'module.exports = require("ts-morph").ts',
};

const requiredPackages = {
  name: "packages loaded by require",
  setup: (steps) => {
    steps.onResolve({ filter: /^(?:ts-morph|typescript)$/ }, ({ path, namespace }) =>
      namespace === "required" ? { path, external: true } : { path, namespace: "required" },
    );
    steps.onLoad({ filter: /./, namespace: "required" }, ({ path }) => ({ contents: required[path] }));
  },
};

/** Compiles the templates: the package neither reads them nor loads the compiler of handlebars. */
const compiledTemplates = {
  name: "compiled templates",
  setup: (steps) => {
    steps.onLoad({ filter: /generator[/\\]emit[/\\]template-files\.ts$/ }, async () => {
      const { default: Handlebars } = await import("handlebars");
      const read = (file) => readFileSync(join("templates", file), "utf8");
      const options = JSON.parse(read("options.json"));
      const files = readdirSync("templates").filter((file) => file.endsWith(".hbs"));
      const specs = files.map((file) => {
        const code = Handlebars.precompile(read(file), options);
        return `${JSON.stringify(file.replace(/\.hbs$/, ""))}: ${code}`;
      });
      const contents = `import Handlebars from "handlebars/runtime.js";
const specs = { ${specs.join(",\n")} };
export const createHandlebars = () => Handlebars.create();
export const loadTemplate = (handlebars, name) => handlebars.template(specs[name]);`;
      return { contents, loader: "js", resolveDir: process.cwd() };
    });
  },
};

/** Bundles the command line, the package's entry point and the worker into a folder, and removes files of earlier builds. */
export async function bundle(folder) {
  const { outputFiles, metafile } = await build({
    entryPoints: ["generator/cli.ts", "generator/index.ts", "generator/generate-worker.ts"],
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    mainFields: ["module", "main"],
    chunkNames: "chunks/[name]-[hash]",
    minifyWhitespace: true,
    legalComments: "none",
    external,
    plugins: [requiredPackages, compiledTemplates],
    define: {
      buildOfConnectorGen: JSON.stringify(placeholder),
      // Relative to `chunks/`.
      workerOfConnectorGen: JSON.stringify("../generate-worker.js"),
    },
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const hash = createHash("sha256");
  for (const { contents } of outputFiles) hash.update(contents);
  const id = hash.digest("hex").slice(0, 16);
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.replaceAll(placeholder, id));
  }
  removeOthers(folder, new Set(outputFiles.map(({ path }) => relative(folder, path))));
  writeFileSync(join(folder, "THIRD-PARTY-NOTICES.txt"), noticesOf(Object.keys(metafile.inputs)));
}

function removeOthers(folder, kept) {
  for (const name of readdirSync(folder, { recursive: true }))
    if (name.endsWith(".js") && !kept.has(name)) rmSync(join(folder, name));
}

/** The licences of the bundled packages. */
function noticesOf(files) {
  const packages = new Set(
    files.flatMap((file) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const notices = [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    const file = readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? `Licence: ${license}` : readFileSync(join(path, file), "utf8").trim();
    return `${name} ${version}\n\n${text}\n`;
  });
  return `This package contains code of these packages.\n\n${notices.join(`\n${"-".repeat(80)}\n\n`)}`;
}
