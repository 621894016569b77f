import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { appFolder } from "./support/app.js";
import { root } from "./support/paths.js";

let folder = "";
/** The steps of the section that follow the installation. Those from the first call of the compiler run for each compiler. */
const { steps, app } = printed();
const compiling = steps.findIndex((line) => line.startsWith("npx tsc"));
const servers = new Set<ChildProcess>();

beforeAll(async () => {
  folder = createFolder();
  const port = String(await freePort());
  expect(steps.filter((line) => line.includes("18081"))).toHaveLength(2);
  for (const line of steps.slice(0, compiling)) await runLine(line.replace("18081", port));
});

afterAll(async () => {
  for (const server of servers) {
    const ended = new Promise((resolve) => server.once("close", resolve));
    process.kill(-(server.pid ?? 0), "SIGINT");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

it.each(["ts59", "typescript"])(
  "the five minutes of the README run as printed, with %s",
  async (compiler) => {
    for (const file of ["tsconfig.json", "app.js", "node_modules/.bin/tsc"])
      rmSync(join(folder, file), { force: true });
    symlinkSync(join(root, "node_modules", compiler, "bin/tsc"), join(folder, "node_modules/.bin/tsc"));
    let last = "";
    for (const line of steps.slice(compiling)) last = await runLine(line);
    expect(last).toBe("250 items, the last one has the id 250\n");
    const spec = readFileSync(join(folder, "specs/shop.json"), "utf8");
    expect(spec).toContain('"data_selector": "data"');
  },
);

/** A fresh folder with the packed packages and the app, as after the first two lines of the README. */
function createFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "connector-gen-minutes-")));
  writeFileSync(join(path, "package.json"), '{ "type": "module", "private": true }\n');
  writeFileSync(join(path, "app.ts"), app);
  cpSync(join(appFolder(), "node_modules"), join(path, "node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  mkdirSync(join(path, "node_modules/.bin"), { recursive: true });
  symlinkSync("../connector-gen/dist/cli.js", join(path, "node_modules/.bin/connector-gen"));
  return path;
}

/** The steps and the program of the section, as printed. */
function printed(): { readonly steps: readonly string[]; readonly app: string } {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [section = ""] = /## Five minutes from a URL\n.*?(?=\n## )/s.exec(readme) ?? [];
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block = ""]) => block.trim().split("\n"));
  const [, program = ""] = /```ts\n\/\/ app\.ts\n(.*?)```/s.exec(section) ?? [];
  const commands = blocks.flat().map((line) => line.replace(/\s+#.*$/, ""));
  // The packages are installed already, from their tarballs.
  expect(commands.slice(0, 2).every((line) => line.startsWith("npm "))).toBe(true);
  expect(commands.length).toBeGreaterThan(6);
  return { steps: commands.slice(2), app: program };
}

/** A port on which nothing listens: the one in the README may be in use. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Runs one line of a shell in the folder; a line that ends with `&` keeps running. */
function runLine(line: string): Promise<string> {
  const isServer = line.trimEnd().endsWith("&");
  const command = isServer ? line.trimEnd().slice(0, -1) : line;
  // npm does not forward signals, so a server gets its own process group.
  const child: ChildProcess = spawn("sh", ["-c", `exec ${command}`], { cwd: folder, detached: isServer });
  let output = "";
  return new Promise((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!isServer || !output.includes("Ctrl-C")) return;
      servers.add(child);
      resolve(output);
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 && !isServer
        ? resolve(output)
        : reject(new Error(`${line}: exit code ${code ?? ""}\n${output}`)),
    );
  });
}
