import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type typescript from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appFolder } from "./support/app.js";
import { root } from "./support/paths.js";

const app = appFolder();

/** The strict flags of the contract, with only the library ES2022. The packages' declarations are checked too. */
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

/** Specs whose modules and schemas the packed command line generates: they print every part of schemas. */
const withSchemas = ["dates", "types", "validators", "big-integers"];

const schemasFolder = join(app, "uses/schemas");

beforeAll(() => {
  const specs = withSchemas.map((name) => join(root, `test/cases/${name}/spec.json`));
  const cli = join(app, "node_modules/connector-gen/dist/cli.js");
  const args = ["generate", ...specs, "-o", schemasFolder, "--schemas", "--quiet"];
  execFileSync(process.execPath, [cli, ...args], { cwd: app });
});

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

/** Files that are checked together. */
interface Group {
  readonly files: readonly string[];
  /** Flags that a command line needs for these files only. */
  readonly flags: object;
  /** Whether other modules import these files. */
  readonly hasDeclarations: boolean;
}

const clients: Group = { files: [...generated, ...plugins], flags: {}, hasDeclarations: true };

const uses: Group = {
  files: ["client", "dates", "hooks"].map((use) => `test/types/${use}.test-d.ts`),
  flags: { declaration: false, isolatedDeclarations: false },
  hasDeclarations: false,
};

const platforms: Group = { ...uses, files: ["test/types/platforms.test-d.ts"] };

/** An app that loads records and generates modules itself. */
const tools: Group = { ...uses, files: ["tools.ts"] };

beforeAll(() => {
  mkdirSync(join(app, "uses"), { recursive: true });
  writeFileSync(
    join(app, "uses/tools.ts"),
    ["@connector-gen/runtime/kinds", "@connector-gen/sync", "connector-gen"]
      .map((name) => `export type * from ${JSON.stringify(name)};\n`)
      .join(""),
  );
});

/** Generated schemas beside their modules. The declarations of zod are not checked. */
function schemas(): Group {
  const files = readdirSync(schemasFolder).filter((file) => file.endsWith(".ts"));
  return {
    files: files.map((file) => `schemas/${file}`),
    flags: { skipLibCheck: true },
    hasDeclarations: true,
  };
}

/** The errors that the command line of a compiler reports for a group. */
function runCompiler(name: string, { files, flags }: Group, options: object): string {
  const project = join(app, "compatibility.json");
  writeFileSync(
    project,
    JSON.stringify({ compilerOptions: { ...options, ...flags }, files: pathsOf(files) }),
  );
  try {
    execFileSync(process.execPath, [join(root, "node_modules", name, "bin/tsc"), "-p", project]);
    return "";
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout ?? error);
  }
}

function pathsOf(files: readonly string[]): readonly string[] {
  return files.map((file) => join(app, "uses", file));
}

/** A program of a compiler's API, which checks each declaration once for all its groups. */
interface Program {
  /** The errors in the files of a group and in the declarations of the packages. */
  readonly check: (group: Group) => string;
}

function createProgram(name: string, groups: readonly Group[], json: object): Program {
  const ts = createRequire(import.meta.url)(name) as typeof typescript;
  const { options, errors } = ts.convertCompilerOptionsFromJson(json, app);
  const program = ts.createProgram(pathsOf(groups.flatMap(({ files }) => files)), options);
  const packages = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/node_modules\/(?:@connector-gen|connector-gen)\//.test(fileName));
  const host = { getCanonicalFileName: String, getCurrentDirectory: () => app, getNewLine: () => "\n" };
  return {
    check: ({ files, hasDeclarations }) => {
      const own = pathsOf(files).map((path) => program.getSourceFile(path));
      const problems = [
        ...errors,
        ...program.getOptionsDiagnostics(),
        ...program.getGlobalDiagnostics(),
        ...[...own, ...packages].flatMap((file) => [
          ...program.getSyntacticDiagnostics(file),
          ...program.getSemanticDiagnostics(file),
        ]),
        ...(hasDeclarations ? own.flatMap((file) => program.getDeclarationDiagnostics(file)) : []),
      ];
      return ts.formatDiagnostics(problems, host);
    },
  };
}

/** The oldest compiler and the newest one. The compilers in between run only one group of each kind. */
const outermost = compilers.filter(({ version }) => version === "5.4" || version === "7.0");

describe.each(compilers)("TypeScript $version", ({ name, flags }) => {
  const options = { ...strict, ...flags, ...modules[0] };
  const isOutermost = outermost.some((each) => each.name === name);
  let program: Program | undefined;
  const check = (group: Group): string =>
    name === "ts70"
      ? runCompiler(name, group, options)
      : (program ??= createProgram(
          name,
          [clients, uses, tools, ...(isOutermost ? [schemas()] : [])],
          options,
        )).check(group);
  // Free the memory.
  afterAll(() => (program = undefined));

  it("reports nothing for generated modules, plug-ins and the runtime", () => {
    expect(check(clients)).toBe("");
  });

  it("reports nothing for the other packages and entry points", () => {
    expect(check(tools)).toBe("");
  });

  if (isOutermost)
    it("reports nothing for generated schemas beside their modules", () => {
      const { files } = schemas();
      expect(files.filter((file) => file.endsWith(".schemas.ts"))).toHaveLength(withSchemas.length);
      expect(check(schemas())).toBe("");
    });

  it("accepts right uses and refuses wrong ones", () => {
    expect(check(uses)).toBe("");
  });
});

describe.each(outermost)("TypeScript $version", ({ name, flags }) => {
  const check = (group: Group, options: object): string =>
    name === "ts70" ? runCompiler(name, group, options) : createProgram(name, [group], options).check(group);

  it("reports nothing for modules of a bundler", () => {
    expect(check(clients, { ...strict, ...flags, ...modules[1] })).toBe("");
  });

  it("takes the fetch and signals of the DOM", () => {
    expect(check(platforms, { ...strict, ...modules[0], lib: ["es2022", "dom"] })).toBe("");
  });
});

it("takes the fetch and signals of Node", () => {
  const types = { types: ["node"], typeRoots: [join(root, "node_modules/@types")], skipLibCheck: true };
  expect(
    createProgram("typescript", [platforms], { ...strict, ...modules[0], ...types }).check(platforms),
  ).toBe("");
});
