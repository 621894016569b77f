import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
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
  const printed = run(process.execPath, ["scripts/pack.mjs", join(folder, "tarballs")]);
  for (const tarball of JSON.parse(printed) as readonly Tarball[]) install(tarball, app);
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

interface Tarball {
  readonly name: string;
  readonly file: string;
}

/** Extracts a package, and links only the dependencies that it declares, so nothing else can be imported. */
function install({ name, file }: Tarball, app: string): void {
  const folder = join(app, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  run("tar", ["-xzf", file, "-C", folder, "--strip-components=1"]);
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
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
