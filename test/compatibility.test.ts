import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type typescript from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { appFolder } from "./support/app.js";
import { root } from "./support/paths.js";

const app = appFolder();

/** The strict flags of the contract, with nothing but ES2022 around. The packages' declarations are checked too. */
const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  declaration: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  skipLibCheck: false,
  skipDefaultLibCheck: true,
  target: "es2022",
  lib: ["es2022"],
  types: [] as string[],
  noEmit: true,
};

/** Flags that compilers know since 5.5 and 5.8. */
const newer = { erasableSyntaxOnly: true, isolatedDeclarations: true };

const compilers = [
  { version: "5.4", name: "ts54", flags: {} },
  { version: "5.9", name: "ts59", flags: newer },
  { version: "6.0", name: "typescript", flags: newer },
  { version: "7.0", name: "ts70", flags: newer },
];

const modules = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

/** Modules and their uses, laid out as in the repository. */
beforeAll(() => {
  for (const folder of [
    "generated",
    "examples/plugins",
    "test/types",
    ...["dates", "hooks", "parents", "partitions"].map((name) => `test/cases/${name}`),
  ])
    cpSync(join(root, folder), join(app, "uses", folder), { recursive: true });
});

/** Specs whose modules and schemas the packed command line generates: they print everything that schemas can hold. */
const withSchemas = ["dates", "types", "validators", "big-integers"];

const schemasFolder = join(app, "uses/schemas");

beforeAll(() => {
  const specs = withSchemas.map((name) => join(root, `test/cases/${name}/spec.json`));
  const cli = join(app, "node_modules/connector-gen/dist/cli.js");
  const args = ["generate", ...specs, "-o", schemasFolder, "--schemas", "--quiet"];
  execFileSync(process.execPath, [cli, ...args], { cwd: app });
});

/** Their modules and schemas. */
function schemaModules(): readonly string[] {
  const files = readdirSync(schemasFolder).filter((file) => file.endsWith(".ts"));
  return files.map((file) => `schemas/${file}`);
}

const generated = ["analytics", "learning-platform", "lms", "rest-api", "scheduling"].map(
  (name) => `generated/${name}.ts`,
);

/** Plug-ins that need neither Node nor a library. */
const plugins = [
  "caching-transport",
  "connection-paginator",
  "graphql-actions",
  "iso-dates-shaper",
  "pipe-encoder",
  "soap-body",
].map((name) => `examples/plugins/${name}.ts`);

interface Project {
  readonly files: readonly string[];
  readonly options: object;
}

/** The errors that a compiler reports. */
function check(compiler: string, { files, options }: Project): string {
  const paths = files.map((file) => join(app, "uses", file));
  // This one has no interface but its command line.
  return compiler === "ts70" ? runCompiler(compiler, paths, options) : callCompiler(compiler, paths, options);
}

/** Files parsed by a compiler for a kind of module, once for all its programs. */
const parsed = new Map<string, typescript.SourceFile | undefined>();

function callCompiler(name: string, files: readonly string[], json: object): string {
  const ts = createRequire(import.meta.url)(name) as typeof typescript;
  const { options, errors } = ts.convertCompilerOptionsFromJson(json, app);
  const compilerHost = ts.createCompilerHost(options);
  const parse = compilerHost.getSourceFile.bind(compilerHost);
  compilerHost.getSourceFile = (file, ...rest) => {
    const key = `${name} ${options.module ?? ""} ${file}`;
    if (!parsed.has(key)) parsed.set(key, parse(file, ...rest));
    return parsed.get(key);
  };
  const program = ts.createProgram(files, options, compilerHost);
  const problems = [...errors, ...ts.getPreEmitDiagnostics(program)];
  const host = { getCanonicalFileName: String, getCurrentDirectory: () => app, getNewLine: () => "\n" };
  return ts.formatDiagnostics(problems, host);
}

function runCompiler(name: string, files: readonly string[], compilerOptions: object): string {
  const project = join(app, "compatibility.json");
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  try {
    execFileSync(process.execPath, [join(root, "node_modules", name, "bin/tsc"), "-p", project]);
    return "";
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout ?? error);
  }
}

/** What holds for the oldest and the newest compiler holds for those in between: one of each kind shows it. */
const isBetween = (version: string): boolean => version === "5.9" || version === "6.0";

describe.each(compilers)("TypeScript $version", ({ version, name, flags }) => {
  it.each(isBetween(version) ? modules.slice(0, 1) : modules)(
    "reports nothing for generated modules, plug-ins and the runtime ($module)",
    (resolution) => {
      const options = { ...strict, ...flags, ...resolution };
      expect(check(name, { files: [...generated, ...plugins], options })).toBe("");
    },
  );

  if (version !== "5.9")
    it("reports nothing for generated schemas beside their modules", () => {
      const files = schemaModules();
      expect(files.filter((file) => file.endsWith(".schemas.ts"))).toHaveLength(withSchemas.length);
      // The declarations of zod are not ours.
      const options = { ...strict, ...flags, ...modules[0], skipLibCheck: true };
      expect(check(name, { files, options })).toBe("");
    });

  it("accepts right uses and refuses wrong ones", () => {
    const files = ["client", "dates", "hooks"].map((use) => `test/types/${use}.test-d.ts`);
    expect(check(name, { files, options: { ...strict, ...modules[0], declaration: false } })).toBe("");
  });

  it("takes the fetch and signals of the DOM", () => {
    const options = { ...strict, ...modules[0], declaration: false, lib: ["es2022", "dom"] };
    expect(check(name, { files: ["test/types/platforms.test-d.ts"], options })).toBe("");
  });
});

it("takes the fetch and signals of Node", () => {
  const options = {
    ...strict,
    ...modules[0],
    declaration: false,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  expect(check("typescript", { files: ["test/types/platforms.test-d.ts"], options })).toBe("");
});
