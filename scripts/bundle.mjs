// Bundles the command line into a few files that load fast.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const require = createRequire(import.meta.url);

/** Replaced by the hash of the bundle, which distinguishes builds of the same version. */
const placeholder = "@build-of-connector-gen@";

/** Packages that are not bundled, because few commands use them. They load from `node_modules` when needed. */
const external = [
  "@clack/prompts",
  "@connector-gen/sync",
  "@eslint-community/regexpp",
  "@faker-js/faker",
  "@lezer/*",
  "chokidar",
  "diff",
  "yaml",
];

/**
 * Modules that `require` loads. `import` would search CommonJS packages of 12 MB for exports, and would run every getter
 * of Node's own modules. The compiler inside ts-morph is the only one: zod-to-ts, which imports `typescript`, gets it
 * too.
 */
const required = /^(?:@babel\/code-frame|jsonc-parser|ts-morph|typescript|node:.+)$/;

/** Functions that load their module when they are called, because most runs call none of them. */
const lazyFunctions = {
  "@babel/code-frame": ["codeFrameColumns"],
  "jsonc-parser": ["applyEdits", "createScanner", "findNodeAtLocation", "parseTree", "printParseErrorCode"],
  // Commander starts other programs only for commands in separate files.
  "node:child_process": ["spawn"],
  "node:timers/promises": ["setTimeout"],
};

/** The exports of `typescript` that are used. The compiler loads when its first function is called. */
const lazyCompiler = `
const lazy = (load) => new Proxy({}, { get: (_, name) => load()[name] });
const compiler = lazy(() => require("ts-morph").ts);
export default compiler;
export const factory = lazy(() => compiler.factory);`;

/** Returns the code that stands for a required module. It reads only the exports that are used. */
function contentsOf(path) {
  if (path === "typescript") return lazyCompiler;
  if (path === "ts-morph") return 'module.exports = require("ts-morph");';
  const functions = lazyFunctions[path];
  if (functions)
    return functions
      .map((name) => `export const ${name} = (...args) => require("${path}").${name}(...args);`)
      .join("\n");
  const names = Object.keys(require(path)).filter((name) => name !== "default");
  const exports = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => all.${name})();`);
  return [`const all = require("${path}");`, "export default all;", ...exports].join("\n");
}

const requiredPackages = {
  name: "modules loaded by require",
  setup: (steps) => {
    steps.onResolve({ filter: required }, ({ path, namespace, importer, kind }) => {
      // As the result of a dynamic import, a required module would have a default export only.
      if (kind === "dynamic-import") return { path, external: true };
      // The banner imports `node:module` to create `require`.
      if (path === "node:module" || namespace === "required") return { path, external: true };
      if (kind === "require-call" && !lazyFunctions[path]) return { path, external: true };
      // A module of its own for each importer stays in the importer's file.
      return { path: `${path} in ${relative(".", importer)}`, namespace: "required", pluginData: path };
    });
    steps.onLoad({ filter: /./, namespace: "required" }, ({ pluginData }) => ({
      contents: contentsOf(pluginData),
    }));
  },
};

/** Compiles the templates, so the package neither reads them nor loads the compiler of handlebars. */
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

/**
 * The entry points of `validate` and `generate`. They are bundled apart from the other commands, so their files contain
 * only the code of the runtime, of zod and of the generator that they use. Code in a file that all commands share costs
 * each of them the time to load it.
 */
const core = ["generator/commands/validate.ts", "generator/generate-spec.ts", "generator/generate-worker.ts"];

/**
 * Bundles the generator into a folder, and removes files of earlier builds.
 *
 * `cli.js` alone handles `--version`. `program.js` contains the code that every command needs, and all code that `check`
 * needs if nothing has changed, because each file costs a millisecond. Their dynamic imports are bundled in two further
 * steps, in chunks.
 */
export async function bundle(folder) {
  const lazy = new Set();
  const front = await build({
    ...options(folder),
    entryPoints: ["generator/cli.ts", "generator/program.ts"],
    plugins: [lazyImports(lazy), requiredPackages],
  });
  const others = [...lazy].filter((file) => !core.includes(file.replaceAll("\\", "/")));
  const backs = await Promise.all(
    [core, [...others, "generator/index.ts"]].map((entryPoints) =>
      build({
        ...options(folder),
        entryPoints,
        splitting: true,
        chunkNames: "chunks/[name]-[hash]",
        plugins: [requiredPackages, compiledTemplates],
      }),
    ),
  );
  const outputFiles = [front, ...backs].flatMap((result) => result.outputFiles);
  const hash = createHash("sha256");
  for (const { contents } of outputFiles) hash.update(contents);
  const id = hash.digest("hex").slice(0, 16);
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.replaceAll(placeholder, id));
  }
  removeOthers(folder, new Set(outputFiles.map(({ path }) => relative(folder, path))));
  const inputs = [front, ...backs].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(folder, "THIRD-PARTY-NOTICES.txt"), noticesOf(inputs));
}

function options(folder) {
  return {
    outdir: folder,
    outbase: "generator",
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    mainFields: ["module", "main"],
    minifyWhitespace: true,
    legalComments: "none",
    external,
    define: {
      buildOfConnectorGen: JSON.stringify(placeholder),
      workerOfConnectorGen: JSON.stringify("./generate-worker.js"),
    },
    banner: {
      js: 'import { createRequire as createRequireHere } from "node:module"; const require = createRequireHere(import.meta.url);',
    },
    metafile: true,
    write: false,
    logLevel: "warning",
  };
}

const checkCommand = join("generator", "commands", "generate.ts");

/** Keeps dynamic imports as imports of neighbouring files, and collects these files. */
function lazyImports(lazy) {
  return {
    name: "lazy imports",
    setup: (steps) => {
      steps.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        if (kind !== "dynamic-import") return undefined;
        const file = relative(".", join(resolveDir, path.replace(/\.js$/, ".ts")));
        if (file === checkCommand) return undefined;
        if (file !== join("generator", "program.ts")) lazy.add(file);
        const output = relative("generator", file).replace(/\.ts$/, ".js").replaceAll("\\", "/");
        return { path: `./${output}`, external: true };
      });
    },
  };
}

function removeOthers(folder, kept) {
  for (const name of readdirSync(folder, { recursive: true }))
    if (name.endsWith(".js") && !kept.has(name)) rmSync(join(folder, name));
}

/** Returns the licences of the bundled packages. */
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
