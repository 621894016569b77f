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
import { expect, it, onTestFinished } from "vitest";
import { appFolder } from "./support/app.js";
import { root } from "./support/paths.js";

/** A fresh folder with the packed packages and a compiler, as after the first two lines of the README. */
function freshFolder(compiler: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "connector-gen-minutes-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }\n');
  cpSync(join(appFolder(), "node_modules"), join(folder, "node_modules"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  symlinkSync("../connector-gen/dist/cli.js", join(folder, "node_modules/.bin/connector-gen"));
  symlinkSync(join(root, "node_modules", compiler, "bin/tsc"), join(folder, "node_modules/.bin/tsc"));
  return folder;
}

/** The commands and the program of the section, as printed. */
function printed(): { readonly commands: readonly string[]; readonly app: string } {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [section = ""] = /## Five minutes from a URL\n.*?(?=\n## )/s.exec(readme) ?? [];
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block = ""]) => block.trim().split("\n"));
  const [, app = ""] = /```ts\n\/\/ app\.ts\n(.*?)```/s.exec(section) ?? [];
  return { commands: blocks.flat(), app };
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

/** Runs one line of a shell in a folder; a line that ends with `&` keeps running. */
function runLine(line: string, cwd: string): Promise<string> {
  const isServer = line.trimEnd().endsWith("&");
  const command = isServer ? line.trimEnd().slice(0, -1) : line;
  // npm does not forward signals, so a server gets its own process group.
  const child: ChildProcess = spawn("sh", ["-c", `exec ${command}`], { cwd, detached: isServer });
  let output = "";
  return new Promise((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
      if (isServer && output.includes("Ctrl-C")) resolve(output);
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 && !isServer
        ? resolve(output)
        : reject(new Error(`${line}: exit code ${code ?? ""}\n${output}`)),
    );
    if (isServer)
      onTestFinished(async () => {
        const ended = new Promise((end) => child.once("close", end));
        process.kill(-(child.pid ?? 0), "SIGINT");
        await ended;
      });
  });
}

it.each(["ts59", "typescript"])(
  "the five minutes of the README run as printed, with %s",
  async (compiler) => {
    const folder = freshFolder(compiler);
    const { commands, app } = printed();
    const install = commands.slice(0, 2);
    const steps = commands.slice(2);
    // The packages are installed already, from their tarballs.
    expect(install.every((line) => line.startsWith("npm "))).toBe(true);
    expect(steps.length).toBeGreaterThan(4);
    writeFileSync(join(folder, "app.ts"), app);
    let last = "";
    const port = String(await freePort());
    expect(steps.filter((line) => line.includes("18081"))).toHaveLength(2);
    for (const line of steps)
      last = await runLine(line.replace(/\s+#.*$/, "").replace("18081", port), folder);
    expect(last).toBe("250 items, the last one has the id 250\n");
    const spec = readFileSync(join(folder, "specs/shop.json"), "utf8");
    expect(spec).toContain('"data_selector": "data"');
  },
);
