import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { appFolder } from "./support/app.js";
import { bundle, gzippedSize } from "./support/bundle.js";
import { root, runtimePackage } from "./support/paths.js";

const app = appFolder();
const cli = join(app, "node_modules/connector-gen/dist/cli.js");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Start {
  readonly stdin?: string;
  /** Called with standard output so far. */
  readonly onOutput?: (output: string, interrupt: () => void) => void;
}

/** Runs Node in the app's folder. */
function runNode(args: readonly string[], { stdin = "", onOutput }: Start = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: app, timeout: 110_000, killSignal: "SIGKILL" });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      output.stdout += chunk.toString();
      onOutput?.(output.stdout, () => child.kill("SIGINT"));
    });
    child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...output }));
    child.stdin.end(stdin);
  });
}

/** An app that reads a resource, validates its records, and prints how many it got. */
const main = `import { createAnalytics, type Order } from "./generated/analytics.js";
import { analyticsSchemas as schemas } from "./generated/analytics.schemas.js";

const [, , baseUrl = ""] = process.argv;
const analytics = createAnalytics({ baseUrl, apiKey: "any", schemas });
const orders: readonly Order[] = await analytics.orders({ validate: "error" }).toArray();
console.log(String(orders.length));
`;

const tsconfig = {
  compilerOptions: {
    ...{ target: "es2022", module: "nodenext", strict: true, exactOptionalPropertyTypes: true },
    ...{ types: ["node"], typeRoots: [join(root, "node_modules/@types")], outDir: "out" },
  },
  files: ["main.ts"],
};

beforeAll(() => {
  mkdirSync(join(app, "specs"), { recursive: true });
  copyFileSync(join(root, "specs/analytics.json"), join(app, "specs/analytics.json"));
  writeFileSync(join(app, "main.ts"), main);
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify(tsconfig));
});

describe("the packed packages", () => {
  it("generate a module that an app compiles and runs against the mock, until it is interrupted", async () => {
    const generated = await runNode([
      cli,
      "generate",
      "specs/analytics.json",
      "-o",
      "generated",
      "--schemas",
    ]);
    expect(generated).toMatchObject({ code: 0, stdout: "" });
    expect(readFileSync(join(app, "generated/analytics.ts"), "utf8")).toBe(
      readFileSync(join(root, "generated/analytics.ts"), "utf8"),
    );

    const compiled = await runNode([join(root, "node_modules/ts70/bin/tsc"), "-p", "."]);
    expect(compiled).toMatchObject({ code: 0, stdout: "" });

    let reading: Promise<Ended> | undefined;
    const mock = await runNode([cli, "mock", "specs/analytics.json", "--records", "600"], {
      onOutput: (output, interrupt) => {
        const [, url = ""] = /^analytics: (\S+)$/m.exec(output) ?? [];
        if (!output.includes("Ctrl-C") || reading) return;
        reading = runNode(["out/main.js", url]);
        void reading.finally(interrupt);
      },
    });
    expect(mock.code).toBe(130);
    expect(await reading).toEqual({ code: 0, stdout: "600\n", stderr: "" });
  });

  it.each(["connector-gen", runtimePackage, "@connector-gen/sync"])(
    "run no script when npm installs %s",
    (name) => {
      const manifest = JSON.parse(readFileSync(join(app, "node_modules", name, "package.json"), "utf8")) as {
        readonly scripts?: Readonly<Record<string, string>>;
      };
      const names = Object.keys(manifest.scripts ?? {});
      expect(names.filter((each) => /^(?:pre|post)?(?:install|prepare)$/.test(each))).toEqual([]);
    },
  );

  it("print their version, and load nothing for it", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    expect(await runNode([cli, "--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("read standard input, and exit with the command's code", async () => {
    const spec = readFileSync(join(root, "specs/lms.json"), "utf8");
    const printed = await runNode([cli, "generate", "-", "--stdout"], { stdin: spec });
    expect(printed.code).toBe(0);
    expect(printed.stdout).toContain("export function createLMS(");
    expect(await runNode([cli, "validate", "-"], { stdin: "{}" })).toMatchObject({ code: 1, stdout: "" });
    expect(await runNode([cli, "genrate"])).toMatchObject({ code: 2, stdout: "" });
  });

  it("read secrets from a file", async () => {
    writeFileSync(join(app, "secrets.env"), "ANALYTICS_API_KEY=x\n");
    writeFileSync(join(app, "courses.json"), '[{ "id": 1 }]');
    const spec = ["specs/analytics.json", "--resource", "courses", "--from", "courses.json"];
    const inferred = await runNode([cli, "infer", ...spec, "--dry-run", "--env-file", "secrets.env"]);
    expect(inferred).toMatchObject({ code: 0, stdout: expect.stringContaining("courses") as string });
  });

  it.each([
    {
      name: "import",
      args: ["--input-type=module", "-e"],
      load: (name: string) => `await import("${name}")`,
    },
    { name: "require", args: ["--input-type=commonjs", "-e"], load: (name: string) => `require("${name}")` },
  ])("can be loaded by $name", async ({ name, args, load }) => {
    const entries = [
      ["@connector-gen/runtime", "createReader"],
      ...(name === "import" ? [["connector-gen", "generate"]] : []),
    ] as const;
    for (const [entry = "", member = ""] of entries) {
      const program = `(async () => console.log(typeof (${load(entry)}).${member}))()`;
      expect(await runNode([...args, program])).toEqual({ code: 0, stdout: "function\n", stderr: "" });
    }
  });

  it("leave as much out of an app's bundle as the sources do", async () => {
    const client = `export * from "./generated/analytics.ts";`;
    const packed = join(app, "node_modules", runtimePackage, "dist/esm/index.js");
    const bytes = gzippedSize(await bundle(client, { [runtimePackage]: packed }));
    expect(bytes / gzippedSize(await bundle(client))).toBeCloseTo(1, 2);
  });
});
