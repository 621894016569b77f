import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./scratch.js";

/** Another generator of TypeScript clients that reads OpenAPI. */
export interface Peer {
  readonly label: string;
  /** The arguments of `node` that write a client for a document. */
  readonly argsFor: (document: string, out: string) => readonly string[];
}

const packages: Readonly<Record<string, string>> = {
  oazapfts: "7",
  "openapi-typescript": "7",
  orval: "8",
  "@hey-api/openapi-ts": "0.99",
  typescript: "5.9",
};

/** Installs the peers from npm, outside this package. Later runs reuse them. */
export async function installPeers(): Promise<readonly Peer[]> {
  const folder = join(root, ".scratch/bench/peers");
  const wanted = JSON.stringify({ private: true, type: "module", dependencies: packages });
  const file = join(folder, "package.json");
  const installed = await readFile(`${file}.installed`, "utf8").catch(() => "");
  if (installed !== wanted) {
    await mkdir(folder, { recursive: true });
    await writeFile(file, wanted);
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    await promisify(execFile)("npm", ["install", ...flags], { cwd: folder });
    await writeFile(`${file}.installed`, wanted);
  }
  return await Promise.all(
    Object.entries(commands).map(async ([name, argsOf]) => peerOf(folder, name, argsOf)),
  );
}

const commands: Readonly<Record<string, (document: string, out: string) => readonly string[]>> = {
  oazapfts: (document, out) => [document, `${out}.ts`],
  "openapi-typescript": (document, out) => [document, "-o", `${out}.ts`],
  orval: (document, out) => ["--input", document, "--output", `${out}.ts`],
  "@hey-api/openapi-ts": (document, out) => ["-i", document, "-o", out, "-s"],
};

async function peerOf(
  folder: string,
  name: string,
  argsOf: (document: string, out: string) => readonly string[],
): Promise<Peer> {
  const home = join(folder, "node_modules", name);
  const { version, bin } = JSON.parse(await readFile(join(home, "package.json"), "utf8")) as {
    readonly version: string;
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const program = typeof bin === "string" ? bin : (Object.values(bin)[0] ?? "");
  return {
    label: `${name} ${version}`,
    argsFor: (document, out) => [join(home, program), ...argsOf(document, out)],
  };
}
