import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./support/paths.js";

const page = readFileSync(join(root, "SECURITY.md"), "utf8");

it("links in SECURITY.md lead to tests that exist", () => {
  const links = [...page.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)];
  expect(links.length).toBeGreaterThan(20);
  for (const [, text, link = ""] of links) {
    expect(text).toBe(link);
    expect(link).toMatch(/^test\/.*\.test\.ts$/);
    expect(existsSync(join(root, link)), link).toBe(true);
    expect(readFileSync(join(root, link), "utf8")).toMatch(/\b(?:it|test)(?:\.each)?\(/);
  }
});

it("each promise of SECURITY.md names a test", () => {
  const promises = page.split("\n- **").slice(1);
  expect(promises.length).toBeGreaterThan(12);
  for (const promise of promises) {
    const [text = ""] = promise.split(/\n(?:\n|- )/);
    expect(text).toContain(".test.ts");
  }
});

/** A package in the lockfile, or a manifest. */
interface Package {
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: object;
  readonly scripts?: Readonly<Record<string, string>>;
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), "utf8"));
}

it("installs run no scripts of the packages and their dependencies", () => {
  const { packages } = readJson("package-lock.json") as { packages: Readonly<Record<string, Package>> };
  const shipped = Object.entries(packages).filter(([name, { dev }]) => name && !dev);
  expect(shipped.length).toBeGreaterThan(20);
  expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
  for (const name of ["package.json", "runtime/package.json"]) {
    const scripts = Object.keys((readJson(name) as Package).scripts ?? {});
    expect(scripts.filter((script) => script.includes("install"))).toEqual([]);
  }
});

it("the runtime has no dependencies", () => {
  expect((readJson("runtime/package.json") as Package).dependencies ?? {}).toEqual({});
});
