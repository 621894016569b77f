import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  copyFileSync,
  existsSync,
  appendFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "./support/command.js";
import { root } from "./support/paths.js";

const specs = ["analytics", "learning-platform", "lms", "rest-api", "scheduling"];
const lms = join(root, "specs/lms.json");
const mistakes = join(root, "test/cases/ten-mistakes/spec.json");

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-gen-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("generate", () => {
  it("makes the same bytes twice, from another folder too, for the five integrations", async () => {
    const files = specs.map((name) => join(root, "specs", `${name}.json`));
    const first = await runCommand(["generate", ...files, "-o", "one"], { cwd: folder });
    const relatives = files.map((file) => relative(folder, file));
    const second = await runCommand(["generate", ...relatives, "-o", join(folder, "two")], { cwd: folder });
    expect([first.code, second.code]).toEqual([0, 0]);
    for (const name of specs) {
      const text = readFileSync(join(folder, "one", `${name}.ts`), "utf8");
      expect(readFileSync(join(folder, "two", `${name}.ts`), "utf8")).toBe(text);
      expect(readFileSync(join(root, "generated", `${name}.ts`), "utf8")).toBe(text);
    }
  });

  it("does not depend on the layout of the spec", async () => {
    const spec = JSON.parse(readFileSync(lms, "utf8")) as object;
    const other = JSON.stringify(spec, null, "\t").replaceAll("\n", "\r\n");
    writeFileSync(join(folder, "lms.json"), `// a comment\r\n${other}`);
    const { stdout } = await runCommand(["generate", join(folder, "lms.json"), "--stdout"]);
    expect(stdout).toBe(readFileSync(join(root, "generated/lms.ts"), "utf8"));
  });

  it("reads standard input", async () => {
    const { code, stdout } = await runCommand(["generate", "-", "--stdout"], {
      stdin: readFileSync(lms, "utf8"),
    });
    expect(code).toBe(0);
    expect(stdout).toContain("export function createLMS");
  });

  it("leaves an unchanged file alone", async () => {
    await runCommand(["generate", lms, "-o", folder]);
    const before = statSync(join(folder, "lms.ts")).mtimeMs;
    const { stderr } = await runCommand(["generate", lms, "-o", folder]);
    expect(stderr).toContain("lms.ts unchanged");
    expect(statSync(join(folder, "lms.ts")).mtimeMs).toBe(before);
  });

  it("refuses to overwrite files that it did not write or that were edited", async () => {
    writeFileSync(join(folder, "lms.ts"), "mine");
    const foreign = await runCommand(["generate", lms, "-o", folder]);
    expect(foreign.code).toBe(1);
    expect(foreign.stderr).toContain("connector-gen did not write it; --force overwrites it");
    expect(readFileSync(join(folder, "lms.ts"), "utf8")).toBe("mine");

    const forced = await runCommand(["generate", lms, "-o", folder, "--force"]);
    expect(forced.code).toBe(0);
    appendFileSync(join(folder, "lms.ts"), "// edited\n");
    const edited = await runCommand(["generate", lms, "-o", folder]);
    expect(edited.code).toBe(1);
    expect(edited.stderr).toContain("it was edited after it was generated");
    expect(readFileSync(join(folder, "lms.ts"), "utf8")).toContain("// edited");
  });

  it.each([
    {
      name: "formatted by another tool",
      edit: (text: string) => text.replaceAll(/;$/gm, "").replaceAll('"', "'"),
      says: "it was formatted after it was generated: exclude it from the formatter",
    },
    {
      name: "with a merge conflict",
      edit: (text: string) => `${text}<<<<<<< HEAD\n=======\n>>>>>>> other\n`,
      says: "it has a merge conflict",
    },
    {
      name: "edited",
      edit: (text: string) => text.replace("readonly id", "readonly key"),
      says: "it was edited after it was generated",
    },
  ])("refuses a module that is $name, with the reason", async ({ edit, says }) => {
    await runCommand(["generate", lms, "-o", folder]);
    const file = join(folder, "lms.ts");
    writeFileSync(file, edit(readFileSync(file, "utf8")));
    const { code, stderr } = await runCommand(["generate", lms, "-o", folder]);
    expect(code).toBe(1);
    expect(stderr).toContain(`lms.ts: not written: ${says}; --force overwrites it`);
    expect((await runCommand(["check", lms, "-o", folder])).code).toBe(1);
  });

  it("writes nothing at all when one of several specs is refused or wrong", async () => {
    writeFileSync(join(folder, "lms.ts"), "mine");
    const refused = await runCommand(["generate", join(root, "specs/rest-api.json"), lms, "-o", folder]);
    expect(refused.code).toBe(1);
    const wrong = await runCommand(["generate", join(root, "specs/rest-api.json"), mistakes, "-o", folder]);
    expect(wrong.code).toBe(1);
    expect(readdirSync(folder)).toEqual(["lms.ts"]);
  });

  it("removes files that a spec no longer makes, unless they were edited", async () => {
    await runCommand(["generate", lms, "-o", folder, "--schemas"]);
    expect(readdirSync(folder).sort()).toEqual([".connector-gen.json", "lms.schemas.ts", "lms.ts"]);
    appendFileSync(join(folder, "lms.schemas.ts"), "// edited\n");
    expect((await runCommand(["generate", lms, "-o", folder])).code).toBe(1);
    await runCommand(["generate", lms, "-o", folder, "--schemas", "--force"]);
    const { stderr } = await runCommand(["generate", lms, "-o", folder]);
    expect(stderr).toContain("lms.schemas.ts removed");
    expect(existsSync(join(folder, "lms.schemas.ts"))).toBe(false);
  });

  it("removes the modules of a deleted spec, and check finds them, but not those of specs that it was not given", async () => {
    const start = { cwd: folder };
    mkdirSync(join(folder, "specs"));
    for (const name of ["lms", "rest-api", "scheduling"])
      copyFileSync(join(root, "specs", `${name}.json`), join(folder, "specs", `${name}.json`));
    await runCommand(["generate", "specs/*.json"], start);
    expect((await runCommand(["check", "specs/lms.json"], start)).code).toBe(0);
    rmSync(join(folder, "specs/rest-api.json"));

    const check = await runCommand(["check", "specs/lms.json"], start);
    expect(check.code).toBe(1);
    expect(check.stderr).toContain(
      "generated/rest-api.ts is an orphan: its spec rest-api.json does not exist",
    );
    appendFileSync(join(folder, "generated/rest-api.ts"), "// edited\n");
    const edited = await runCommand(["generate", "specs/lms.json"], start);
    expect(edited.code).toBe(1);
    expect(edited.stderr).toContain(
      "its spec rest-api.json does not exist, but it was edited after it was generated; --force removes it",
    );
    const forced = await runCommand(["generate", "specs/lms.json", "--force"], start);
    expect(forced.stderr).toContain("generated/rest-api.ts removed: its spec rest-api.json does not exist");
    expect(readdirSync(join(folder, "generated")).sort()).toEqual([
      ".connector-gen.json",
      "lms.ts",
      "scheduling.ts",
    ]);
    expect(await runCommand(["check", "specs/*.json"], start)).toMatchObject({ code: 0 });
  });

  it.each(["apis", ".apis"])(
    "searches the whole repository, %s included, for a spec before it removes its module",
    async (apis) => {
      for (const path of [".git", "app", apis]) mkdirSync(join(folder, path));
      copyFileSync(lms, join(folder, "app/lms.json"));
      copyFileSync(join(root, "specs/rest-api.json"), join(folder, apis, "rest-api.json"));
      const start = { cwd: join(folder, "app") };
      await runCommand(["generate", "lms.json", `../${apis}/rest-api.json`], start);
      expect((await runCommand(["check", "lms.json"], start)).code).toBe(0);
      rmSync(join(folder, apis, "rest-api.json"));
      expect((await runCommand(["check", "lms.json"], start)).code).toBe(1);
    },
  );

  it("keeps the modules of other specs in a folder outside the project", async () => {
    mkdirSync(join(folder, "one"));
    mkdirSync(join(folder, "two"));
    copyFileSync(lms, join(folder, "one/lms.json"));
    copyFileSync(join(root, "specs/rest-api.json"), join(folder, "two/rest-api.json"));
    await runCommand(["generate", "lms.json", "-o", "../out"], { cwd: join(folder, "one") });
    await runCommand(["generate", "rest-api.json", "-o", "../out"], { cwd: join(folder, "two") });
    expect(readdirSync(join(folder, "out")).sort()).toEqual([".connector-gen.json", "lms.ts", "rest-api.ts"]);
  });

  it("lists the changes with --dry-run", async () => {
    const { code, stderr } = await runCommand(["generate", lms, "-o", "out", "--dry-run"], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toContain("lms.ts would be created");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes literal secrets out when asked to, and never repeats them", async () => {
    const spec = readFileSync(lms, "utf8").replace("{secrets.api_key}", "s3cr3t-value");
    const options = { stdin: spec };
    const refused = await runCommand(["generate", "-", "--stdout"], options);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("literal-secret");
    const taken = await runCommand(["generate", "-", "--stdout", "--literal-secrets", "extract"], options);
    expect(taken.code).toBe(0);
    expect(taken.stdout).toContain(`apiKey: "{secrets.api_key}"`);
    expect(JSON.stringify([refused, taken])).not.toContain("s3cr3t-value");
  });

  it("watches", async () => {
    copyFileSync(lms, join(folder, "lms.json"));
    let edited = false;
    const { code, stderr } = await runCommand(["generate", "lms.json", "-o", ".", "--watch"], {
      cwd: folder,
      interruptWhen: (output) => {
        if (output.includes("Watching") && !edited) {
          edited = true;
          const text = readFileSync(join(folder, "lms.json"), "utf8");
          writeFileSync(join(folder, "lms.json"), text.replace('"lms_data"', '"lessons"'));
        }
        return output.includes("lms.ts updated");
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("lms.json changed");
    expect(readFileSync(join(folder, "lms.ts"), "utf8")).toContain("lessons(options");
  });

  describe("watches the files of a pattern", () => {
    const specOf = (name: string): string =>
      JSON.stringify({ ...JSON.parse(readFileSync(lms, "utf8")), name });

    /** Runs the steps one after the other, each one as soon as the output contains its text. */
    async function watch(
      args: readonly string[],
      steps: readonly { readonly after: string; readonly act?: () => void }[],
    ): Promise<string> {
      const rest = [...steps];
      let seen = 0;
      const { code, stderr } = await runCommand(["generate", ...args, "--watch"], {
        cwd: folder,
        interruptWhen: (output) => {
          const [next] = rest;
          const at = next ? output.indexOf(next.after, seen) : -1;
          if (next && at >= 0) {
            seen = at + next.after.length;
            rest.shift();
            next.act?.();
          }
          return rest.length === 0;
        },
      });
      expect(code).toBe(130);
      return stderr;
    }
    const at = (...names: readonly string[]): string => join(folder, ...names);
    const create = (name: string, ...path: readonly string[]): void => {
      mkdirSync(at(...path, ".."), { recursive: true });
      writeFileSync(at(...path), specOf(name));
    };

    it.each([
      { pattern: "specs/*.json", path: ["specs", "new.json"] },
      { pattern: "specs/**/*.json", path: ["specs", "deep", "er", "new.json"] },
      { pattern: "*/n?w.yaml", path: ["specs", "new.yaml"] },
      { pattern: "**", path: ["specs", "new.json"] },
    ])("$pattern: new, changed, renamed and removed files", async ({ pattern, path }) => {
      create("first", "specs", pattern.endsWith("yaml") ? "naw.yaml" : "first.json");
      const name = path.join("/");
      const renamed = name.replace("new.", pattern.endsWith("yaml") ? "nfw." : "renamed.");
      const stderr = await watch(
        [pattern, "-o", "out"],
        [
          { after: "Watching one spec", act: () => create("second", ...path) },
          { after: "second.ts created", act: () => writeFileSync(at(name), specOf("third")) },
          { after: "third.ts created", act: () => renameSync(at(name), at(renamed)) },
          { after: `${renamed} was added`, act: () => rmSync(at(renamed)) },
          { after: `${renamed} was removed` },
        ],
      );
      for (const message of [`${name} was added`, `${name} changed`, `${name} was removed`])
        expect(stderr).toContain(message);
    });

    it("and ignores other files beside them", async () => {
      create("first", "specs", "first.json");
      const stderr = await watch(
        ["specs/f*.json", "-o", "out"],
        [
          {
            after: "Watching one spec",
            act: () => {
              for (const name of ["notes.txt", "other.json", ".hidden.json"]) create("other", "specs", name);
              create("deep", "specs", "deep", "far.json");
              create("second", "specs", "found.json");
            },
          },
          { after: "second.ts created" },
        ],
      );
      expect(stderr.match(/was added/g)).toHaveLength(1);
      expect(readdirSync(at("out")).filter((name) => name.endsWith(".ts"))).toEqual([
        "first.ts",
        "second.ts",
      ]);
    });

    it("until none is left, and continues with the next one", async () => {
      create("first", "specs", "first.json");
      const stderr = await watch(
        ["specs/*.json", "-o", "out"],
        [
          { after: "Watching one spec", act: () => rmSync(at("specs/first.json")) },
          { after: 'no spec matches "specs/*.json"', act: () => create("second", "specs", "second.json") },
          { after: "second.ts created" },
        ],
      );
      expect(stderr).toContain("specs/first.json was removed");
    });

    it("that package.json names, and follows its changes", async () => {
      create("first", "specs", "first.json");
      create("second", "more", "second.json");
      const configure = (...specs: readonly string[]): void => {
        const project = { connectorGen: { specs, output: specs.length === 1 ? "out" : "lib" } };
        writeFileSync(at("package.json"), JSON.stringify(project));
      };
      configure("specs/*.json");
      const stderr = await watch(
        [],
        [
          { after: "Watching one spec", act: () => create("third", "specs", "third.json") },
          { after: "third.ts created", act: () => configure("specs/*.json", "more/*.json") },
          // The specs of a new pattern are watched, too.
          { after: join("lib", "second.ts"), act: () => create("fourth", "more", "fourth.json") },
          { after: "fourth.ts created", act: () => configure("specs/*.json", "nowhere/*.json") },
          {
            after: 'no spec matches "nowhere/*.json"',
            act: () => writeFileSync(at("package.json"), "{}"),
          },
          { after: "no specs", act: () => configure("more/*.json") },
          { after: join("out", "second.ts"), act: () => create("fifth", "more", "fifth.json") },
          { after: "fifth.ts created" },
        ],
      );
      expect(stderr).toContain("package.json changed");
      for (const message of ["more/second.json was added", "specs/first.json was removed"])
        expect(stderr.match(new RegExp(message, "g"))).toHaveLength(1);
    });

    it("that package.json names, and ignores its other changes", async () => {
      create("first", "specs", "first.json");
      const project = { connectorGen: { specs: ["specs/*.json"], output: "out" } };
      writeFileSync(at("package.json"), JSON.stringify(project));
      const stderr = await watch(
        [],
        [
          {
            after: "Watching one spec",
            act: () => {
              writeFileSync(at("package.json"), JSON.stringify({ ...project, version: "1.0.0" }));
              setTimeout(() => create("second", "specs", "second.json"), 200);
            },
          },
          { after: "second.ts created" },
        ],
      );
      expect(stderr).not.toContain("package.json changed");
    });
  });
});
