import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = join(root, ".scratch/compatibility");
const run = promisify(execFile);

/** The strict flags of the contract; nothing around but ES2022. */
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
  target: "es2022",
  lib: ["es2022"],
  types: [],
  noEmit: true,
};

/** Each compiler with the flags that it already knows. */
const compilers = [
  { version: "5.4", path: "ts54", flags: {} },
  { version: "5.9", path: "ts59", flags: { erasableSyntaxOnly: true, isolatedDeclarations: true } },
  { version: "6.0", path: "typescript", flags: { erasableSyntaxOnly: true, isolatedDeclarations: true } },
  { version: "7.0", path: "ts70", flags: { erasableSyntaxOnly: true, isolatedDeclarations: true } },
];

const modules = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

beforeAll(() => {
  mkdirSync(scratch, { recursive: true });
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

async function check(path: string, name: string, config: object): Promise<string> {
  const project = join(scratch, `${name}.json`);
  writeFileSync(project, JSON.stringify(config));
  try {
    await run(process.execPath, [join(root, "node_modules", path, "bin/tsc"), "-p", project], { cwd: root });
    return "";
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error);
  }
}

describe.each(compilers)("TypeScript $version", ({ version, path, flags }) => {
  it.each(modules)(
    "reports nothing for the generated modules and the runtime ($module)",
    async ({ ...resolution }) => {
      const problems = await check(path, `generated-${version}-${resolution.module}`, {
        compilerOptions: { ...strict, ...flags, ...resolution },
        include: [join(root, "generated/*.ts")],
      });
      expect(problems).toBe("");
    },
  );

  it("accepts right uses and refuses wrong ones", async () => {
    const problems = await check(path, `uses-${version}`, {
      compilerOptions: { ...strict, ...modules[0], declaration: false },
      files: ["client", "hooks"].map((name) => join(root, `test/types/${name}.test-d.ts`)),
    });
    expect(problems).toBe("");
  });

  it("takes the fetch and signals of the DOM", async () => {
    const problems = await check(path, `dom-${version}`, {
      compilerOptions: { ...strict, ...modules[0], declaration: false, lib: ["es2022", "dom"] },
      files: [join(root, "test/types/platforms.test-d.ts")],
    });
    expect(problems).toBe("");
  });
});

it("takes the fetch and signals of Node", async () => {
  const problems = await check("typescript", "node", {
    compilerOptions: {
      ...strict,
      ...modules[0],
      declaration: false,
      skipLibCheck: true,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    },
    files: [join(root, "test/types/platforms.test-d.ts")],
  });
  expect(problems).toBe("");
});
