import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";
import { root } from "./paths.js";

declare module "vitest" {
  interface ProvidedContext {
    /** An app's folder outside the repository, with both packages installed from their tarballs. */
    readonly app: string;
    /** The output of a failed build; empty if the folder exists. */
    readonly appProblem: string;
  }
}

/** The projects that build the runtime's package. */
const runtimeProjects = ["runtime", "runtime/tsconfig.node.json"];

let folder = "";

/** Builds and packs both packages, and installs the tarballs into an empty app. Needs no network. */
export function setup(project: TestProject): void {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "connector-gen-packages-")));
  const app = join(folder, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), '{ "type": "module", "private": true }\n');
  project.provide("app", app);
  project.provide(
    "appProblem",
    findProblem(() => installPackages(app)),
  );
}

function installPackages(app: string): void {
  // `npm test` has just built them; another build would also replace files that its other stages read.
  if (process.env["CONNECTOR_GEN_BUILT"] === undefined)
    run(process.execPath, ["scripts/build.mjs", "generator", ...runtimeProjects]);
  const { CONNECTOR_GEN_TARBALLS: given } = process.env;
  const tarballs = given ?? join(folder, "tarballs");
  if (given === undefined) run(process.execPath, ["scripts/pack.mjs", tarballs]);
  for (const file of readdirSync(tarballs)) install(join(tarballs, file), app);
}

/**
 * Returns the output of a failed command; empty if it succeeded. An error in the setup would also end the tests of the
 * sources.
 */
function findProblem(install: () => void): string {
  try {
    install();
    return "";
  } catch (error) {
    const { stdout = "", message } = error as Error & { readonly stdout?: string };
    return `${message}\n${stdout}`;
  }
}

/** Removes the app. */
export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Extracts a package, and links only the dependencies that it declares, so nothing else can be imported. */
function install(tarball: string, app: string): void {
  const extracted = mkdtempSync(join(folder, "package-"));
  run("tar", ["-xzf", tarball, "-C", extracted, "--strip-components=1"]);
  const { name, dependencies = {} } = JSON.parse(readFileSync(join(extracted, "package.json"), "utf8")) as {
    readonly name: string;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  const path = join(app, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  renameSync(extracted, path);
  for (const dependency of Object.keys(dependencies))
    if (!dependency.startsWith("@connector-gen/")) link(dependency, app);
}

function link(name: string, app: string): void {
  const path = join(app, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(root, "node_modules", name), path, "junction");
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: root, encoding: "utf8" });
}
