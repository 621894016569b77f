import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { secret, specOf, useWorkspace } from "./workspace.js";

const workspace = useWorkspace();
const { path, run, write } = workspace;

/** Links, FIFOs and devices need a POSIX system. */
const posix = process.platform !== "win32";

function makeFifo(at: string): void {
  execFileSync("sh", ["-c", 'mkfifo "$0"', at]);
}

/** The things that a pull request can put in place of a module. `make` gets the path of the module. */
const obstacles = [
  { what: "a symbolic link", name: "a link to a secret", make: (at: string) => symlinkSync("../.env", at) },
  {
    what: "a symbolic link",
    name: "a link out of the project",
    make: (at: string) => symlinkSync("../../.env", at),
  },
  { what: "a symbolic link", name: "a broken link", make: (at: string) => symlinkSync("../new.ts", at) },
  { what: "a symbolic link", name: "a link to a device", make: (at: string) => symlinkSync("/dev/zero", at) },
  { what: "not a regular file", name: "a FIFO", make: (at: string) => makeFifo(at) },
  { what: "a folder", name: "a folder", make: (at: string) => mkdirSync(at) },
  {
    what: "larger than 64 MB",
    name: "an oversized file",
    make: (at: string) => {
      write("generated/shop.ts", "");
      truncateSync(at, 65 * 1024 * 1024);
    },
  },
];

describe.runIf(posix)("in place of a module,", () => {
  it.each(obstacles)("$name is neither read nor written through", async ({ what, make }) => {
    make(path("generated/shop.ts"));
    for (const args of [["check"], ["generate"], ["generate", "--dry-run"]]) {
      const { code, stdout, stderr } = await run(...args, "shop.json");
      expect(code).toBe(1);
      expect(stderr).toContain(`it is ${what}`);
      expect(stdout + stderr).not.toContain(secret);
    }
    expect(readdirSync(path("generated"))).toEqual(["shop.ts"]);
    expect(readFileSync(path(".env"), "utf8")).toBe(secret);
    expect(existsSync(path("new.ts"))).toBe(false);
  });

  it.each(obstacles)("$name is replaced with --force, unless it is a folder", async ({ what, make }) => {
    make(path("generated/shop.ts"));
    const { code } = await run("generate", "shop.json", "--force");
    expect(code).toBe(what === "a folder" ? 1 : 0);
    const stats = lstatSync(path("generated/shop.ts"));
    expect(stats.isFile()).toBe(what !== "a folder");
    expect(readFileSync(path(".env"), "utf8")).toBe(secret);
    expect(readFileSync(path("../.env"), "utf8")).toBe(secret);
    expect(existsSync(path("new.ts"))).toBe(false);
  });

  it.each(obstacles)(
    "$name is not removed as a module that is no longer generated",
    async ({ make, what }) => {
      await run("generate", "shop.json");
      const text = readFileSync(path("generated/.connector-gen.json"), "utf8");
      write("shop.json", JSON.stringify(specOf("store")));
      write("generated/.connector-gen.json", text);
      execFileSync("rm", [path("generated/shop.ts")]);
      make(path("generated/shop.ts"));
      for (const args of [["check"], ["generate"], ["generate", "--force"]]) {
        const { code, stdout, stderr } = await run(...args, "shop.json");
        expect(code).toBe(1);
        expect(stderr).toContain(`it is ${what}`);
        expect(stdout + stderr).not.toContain(secret);
      }
      expect(readFileSync(path(".env"), "utf8")).toBe(secret);
    },
  );
});

describe.runIf(posix)("in place of the manifest,", () => {
  it.each(obstacles.filter(({ what }) => !what.startsWith("larger")))(
    "$name is an error",
    async ({ make, what }) => {
      make(path("generated/.connector-gen.json"));
      for (const args of [["check"], ["generate"], ["generate", "--force"]]) {
        const { code, stdout, stderr } = await run(...args, "shop.json");
        expect(code).toBe(1);
        expect(stderr).toContain(`error invalid-manifest: the manifest is ${what}: delete it`);
        expect(stdout + stderr).not.toContain(secret);
      }
      expect(readdirSync(path("generated"))).toEqual([".connector-gen.json"]);
    },
  );
});

/** A Python file with a configuration to import. */
const imported = 'config = {"client": {"base_url": "https://api.example.com"}, "resources": ["a"]}\n';

describe.runIf(posix)("an output folder", () => {
  it.each([
    { name: "is a link out of the project", target: "..", out: "generated" },
    { name: "is below a link out of the project", target: "..", out: "generated/deep/er" },
    { name: "is a link to an absolute folder", target: "/", out: "generated" },
  ])("that $name is refused", async ({ target, out }) => {
    rmdirSync(path("generated"));
    symlinkSync(target, path("generated"));
    write("shop.py", imported);
    for (const args of [
      ["generate", "shop.json", "-o", out],
      ["check", "shop.json", "-o", out],
      ["init", "first", "--dir", out],
      ["import", "dlt", "shop.py", "-o", `${out}/first.json`],
    ]) {
      const { code, stderr } = await run(...args);
      expect(code).toBe(2);
      expect(stderr).toContain("leads out of the working folder by a symbolic link: pass ");
    }
    expect(readdirSync(path("..")).sort()).toEqual([".env", "project"]);
  });

  it("that is a link inside the project is used", async () => {
    symlinkSync("generated", path("linked"));
    expect((await run("generate", "shop.json", "-o", "linked")).code).toBe(0);
    expect(existsSync(path("generated/shop.ts"))).toBe(true);
  });

  it("outside the project is used when the user names it", async () => {
    expect((await run("generate", "shop.json", "-o", "../other")).code).toBe(0);
    expect(existsSync(path("../other/shop.ts"))).toBe(true);
  });

  it.each([
    { name: "a file", make: (at: string) => write("out", at) },
    { name: "a broken link", make: (at: string) => symlinkSync("nowhere", at) },
    { name: "a FIFO", make: (at: string) => makeFifo(at) },
  ])("that is $name is an error", async ({ make }) => {
    make(path("out"));
    const { code, stderr } = await run("generate", "shop.json", "-o", "out");
    expect(code).toBe(2);
    expect(stderr).toBe(
      "connector-gen: the output folder out is not a folder: remove it, or choose another one with -o\n",
    );
    expect(existsSync(path("nowhere"))).toBe(false);
  });
});

describe("specs that are named twice", () => {
  it.each([
    ["shop.json", "shop.json"],
    ["shop.json", "./shop.json"],
    ["sho*.json", "shop.json"],
    ["./*.json", "shop.json", "s*.json"],
  ])("are read once: %s %s", async (...specs) => {
    const { code, stderr } = await run("generate", ...specs, "-o", "once");
    expect(code).toBe(0);
    expect(stderr).toMatch(/\n1 warning\nonce\/shop.ts created\n$/);
    const checked = await run("check", ...specs, "-o", "once");
    expect(checked.stderr).toMatch(/\n1 module is up to date.\n$/);
  });

  it("are not confused with another spec of the same name", async () => {
    write("other.json", JSON.stringify(specOf("shop")));
    const { code, stderr } = await run("generate", "shop.json", "other.json", "-o", "once");
    expect(code).toBe(1);
    expect(stderr).toContain("duplicate-source: shop.json also generates shop.ts");
  });
});

describe("an output folder inside a file", () => {
  it.each([
    { args: ["init", "first", "--dir", "shop.json/out"], option: "--dir" },
    { args: ["import", "dlt", "shop.py", "-o", "shop.json/out/first.json"], option: "-o" },
  ])("is an error of $args.0 that names $option", async ({ args, option }) => {
    write("shop.py", imported);
    expect(await run(...args)).toMatchObject({
      code: 2,
      stderr: `connector-gen: the output folder shop.json/out is inside a file: choose another one with ${option}\n`,
    });
  });

  it("is an error", async () => {
    const { code, stderr } = await run("generate", "shop.json", "-o", "shop.json/out");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "connector-gen: the output folder shop.json/out is inside a file: choose another one with -o\n",
    });
  });
});

// In `/proc`, the system creates nothing.
describe.runIf(existsSync("/proc/self"))("a folder that cannot be created", () => {
  it.each([
    ["generate", "shop.json", "-o", "/proc/missing/out"],
    ["init", "first", "--dir", "/proc/missing/out"],
    ["import", "dlt", "shop.py", "--out", "/proc/missing/out/shop.json"],
  ])("ends %s %s with an error", async (...args) => {
    write("shop.py", imported);
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "connector-gen: cannot create the folder /proc/missing/out: the system creates no folders there: choose another one\n",
    );
  });
});

describe.runIf(posix)("a spec", () => {
  it.each([
    {
      name: "a FIFO",
      make: (at: string) => makeFifo(at),
      message: "is not a regular file",
    },
    {
      name: "a link to a device",
      make: (at: string) => symlinkSync("/dev/zero", at),
      message: "leads out of the working folder",
    },
    {
      name: "a link out of the project",
      make: (at: string) => symlinkSync("../.env", at),
      message: "leads out of the working folder",
    },
    {
      name: "a link to a file of another kind",
      make: (at: string) => symlinkSync(".env", at),
      message: "is a symbolic link to a file of another kind",
    },
    { name: "a folder", make: (at: string) => mkdirSync(at), message: "bad.json is a folder: pass a file" },
    {
      name: "larger than 64 MB",
      make: (at: string) => {
        write("bad.json", "");
        truncateSync(at, 65 * 1024 * 1024);
      },
      message: "bad.json is too large: the limit is 64 MB",
    },
    { name: "a broken link", make: (at: string) => symlinkSync("gone.json", at), message: "file not found" },
  ])("that is $name is an error without its content", async ({ make, message }) => {
    make(path("bad.json"));
    for (const command of ["validate", "check", "generate"]) {
      const { code, stdout, stderr } = await run(command, "shop.json", "bad.json");
      expect(code).toBe(2);
      expect(stderr).toContain(message);
      expect(stdout + stderr).not.toContain(secret);
    }
    expect(readdirSync(path("generated"))).toEqual([]);
  });

  it.each([
    {
      encoding: "Latin-1",
      content: Buffer.from(`{\n  "password": "${secret}",\n  "name": "caf\xe9" }`, "latin1"),
      want: "bad.json:3:15 error not-utf8: the file is not in UTF-8: save it in UTF-8\n",
    },
    {
      encoding: "UTF-16",
      content: Buffer.from("\ufeff{}", "utf16le"),
      want: "bad.json:1:1 error not-utf8: the file is in UTF-16: save it in UTF-8\n",
    },
  ])("in $encoding is a diagnostic beside those of other specs", async ({ content, want }) => {
    writeFileSync(path("bad.json"), content);
    write("wrong.json", "{}");
    for (const command of ["validate", "check", "generate"]) {
      const { code, stdout, stderr } = await run(command, "bad.json", "wrong.json");
      expect(code).toBe(1);
      expect(stderr).toContain(want);
      expect(stderr).toContain(`wrong.json:1:1 error missing-key: the spec needs "client"`);
      expect(stdout + stderr).not.toContain(secret);
    }
    const detected = await run("detect", "bad.json");
    expect([detected.code, detected.stderr.startsWith(want)]).toEqual([1, true]);
    expect(JSON.parse((await run("validate", "bad.json", "--json")).stderr)).toMatchObject({
      ok: false,
      diagnostics: [{ code: "not-utf8", file: "bad.json" }],
    });
  });

  it("in a folder that is a link out of the project is an error", async () => {
    write("../elsewhere/a.json", `{ "password": "${secret}" }`);
    symlinkSync("../elsewhere", path("specs"));
    const { code, stderr } = await run("validate", "specs/a.json");
    expect(code).toBe(2);
    expect(stderr).toContain("leads out of the working folder");
    expect(stderr).not.toContain(secret);
  });

  it("that is a link to a spec inside the project is read", async () => {
    symlinkSync("shop.json", path("link.json"));
    expect((await run("validate", "link.json")).code).toBe(0);
  });

  it.runIf(process.platform === "linux")(
    "comes from a descriptor, as in a process substitution",
    async () => {
      const file = openSync(path("shop.json"), "r");
      expect((await run("validate", `/dev/fd/${file}`)).code).toBe(0);
      closeSync(file);
    },
  );
});

describe("a path", () => {
  it.each([
    { given: "", message: "the path of a file is empty" },
    { given: "shop.json/a.json", message: "file not found: shop.json/a.json" },
  ])("that names no file is an error: $given", async ({ given, message }) => {
    for (const command of ["validate", "check", "generate"]) {
      const { code, stderr } = await run(command, given);
      expect(code).toBe(2);
      expect(stderr).toBe(`connector-gen: ${message}\n`);
    }
  });
});

describe("a file name", () => {
  it("with control characters controls neither the terminal nor the suggested command", async () => {
    const name = "a\u001b[2J\u202e;touch x\n::error::.json";
    write(name, JSON.stringify(specOf("shop")));
    const { code, stderr } = await run("check", name);
    expect(code).toBe(1);
    expect(stderr).not.toMatch(/[\u001b\u202e]|^::/m);
    expect(stderr).toMatch(/Run: npx connector-gen generate '[^']*;touch x[^']*' -o generated/);
    const missing = await run("check", "b\u001b[2J\n::error::.json");
    expect(missing.stderr).not.toMatch(/[\u001b\u202e]|^::/m);
  });
});

describe("a committed module", () => {
  it("with control characters is shown without them", async () => {
    await run("generate", "shop.json");
    const text = readFileSync(path("generated/shop.ts"), "utf8");
    const hostile = "\u001b[2J\u202e\u2066\u061c\u200e\u2028::error::";
    write("generated/shop.ts", text.replace("readonly id?:", `readonly ${hostile}id?:`));
    const { stderr } = await run("check", "shop.json");
    expect(stderr).toContain("was edited");
    expect(stderr).not.toMatch(/[\u001b\u202e\u2066\u061c\u200e\u2028]|^::/m);
  });

  it("of a million other lines is compared in bounded time", async () => {
    await run("generate", "shop.json");
    const text = readFileSync(path("generated/shop.ts"), "utf8");
    const lines = Array.from({ length: 1_000_000 }, (_, index) => `// ${index}`);
    write("generated/shop.ts", `${text}${lines.join("\n")}`);
    const { code, stderr } = await run("check", "shop.json");
    expect(code).toBe(1);
    expect(stderr).toContain("was edited");
    expect(stderr.length).toBeLessThan(20_000);
  });
});
