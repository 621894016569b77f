import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { root, runtimePackage } from "./support/paths.js";

const architecture = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

/**
 * The imports that ARCHITECTURE.md allows to each room besides its own files: names in backticks; a final `*` matches any
 * text.
 */
const rooms = readTable("## Rooms and what they may import");

/** The same for the rooms of the runtime, whose names are relative to `runtime/src`. */
const runtimeRooms = readTable("### Inside the runtime");

/** The files that every room of the runtime may import. */
const ground = [
  "checkpoint.ts",
  "errors.ts",
  "exact-json.ts",
  "json.ts",
  "kind.ts",
  "messages.ts",
  "platform.ts",
];

/** The rows of a table: each name of the first cell with the names of the second one. */
function readTable(heading: string): ReadonlyMap<string, readonly string[]> {
  const [, section = ""] = architecture.split(`\n${heading}\n`);
  const [text = ""] = section.split(/^#/m);
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  return new Map(
    rows.flatMap((row) => {
      const [, names = "", allowed = ""] = row.split("|");
      return namesIn(names).map((name) => [name, namesIn(allowed)] as const);
    }),
  );
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

function foldersOf(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

interface Edge {
  readonly from: string;
  readonly to: string;
  /** Erased when compiled. */
  readonly isType: boolean;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name));
}

/** The imports of the files that were read. Most files belong to several tests. */
const known = new Map<string, readonly Edge[]>();

/** The imports of a file as paths from the root, or as package names. */
function edgesOf(file: string): readonly Edge[] {
  const edges = known.get(file) ?? readEdges(file);
  known.set(file, edges);
  return edges;
}

function readEdges(file: string): readonly Edge[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.ES2022);
  const edges: Edge[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean): void => {
    if (!specifier || !ts.isStringLiteral(specifier)) return;
    const to = specifier.text.startsWith(".")
      ? relative(root, resolve(root, dirname(file), specifier.text)).replace(/\.js$/, ".ts")
      : specifier.text;
    edges.push({ from: file, to, isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node));
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return edges;
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  const bindings = importClause.namedBindings;
  const allTypes =
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((each) => each.isTypeOnly);
  return importClause.phaseModifier === ts.SyntaxKind.TypeKeyword || (allTypes && !importClause.name);
}

/** Whether a room may import this. A package's name covers its subpaths. */
function isAllowed({ from, to }: Edge, room: string, allowed: readonly string[]): boolean {
  // The only file of the runtime that imports modules of Node.
  if (from === "runtime/src/http/node-transport.ts" && to.startsWith("node:")) return true;
  if (to === room || to.startsWith(`${room}/`)) return true;
  return allowed.some((name) =>
    name.endsWith("*") ? to.startsWith(name.slice(0, -1)) : to === name || to.startsWith(`${name}/`),
  );
}

function violations(room: string, allowed: readonly string[]): readonly string[] {
  const files = room.endsWith(".ts") ? [room] : filesBelow(room);
  const edges = files.flatMap(edgesOf);
  return edges.filter((edge) => !isAllowed(edge, room, allowed)).map(({ from, to }) => `${from} → ${to}`);
}

describe("layers", () => {
  it("has a row in ARCHITECTURE.md for every room, and no row for anything else", () => {
    const generator = foldersOf("generator").map((name) => `generator/${name}`);
    expect(generator.filter((name) => !rooms.has(name))).toEqual([]);
    expect(foldersOf("runtime/src").filter((name) => !runtimeRooms.has(name))).toEqual([]);
    const rows = [...rooms.keys(), ...[...runtimeRooms.keys()].map((name) => `runtime/src/${name}`)];
    expect(rows.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  it.each([...rooms])("%s imports only what it may", (room, allowed) => {
    expect(violations(room, allowed)).toEqual([]);
  });

  it.each([...runtimeRooms])("%s of the runtime imports only what it may", (room, allowed) => {
    const inside = [...ground, ...allowed].map((name) => `runtime/src/${name}`);
    expect(violations(`runtime/src/${room}`, inside)).toEqual([]);
  });

  it("lets generated modules import the main entry point only", () => {
    const packages = filesBelow("generated")
      .flatMap(edgesOf)
      .map(({ to }) => to);
    expect(packages.filter((name) => name.startsWith("@"))).toEqual(
      packages.filter((name) => name === runtimePackage),
    );
  });

  it("lets the IR's types import nothing", () => {
    expect(edgesOf("generator/ir/source-ir.ts")).toEqual([]);
  });

  it.each(["runtime/src", "sync/src", "generator", "demo", "bench"])("has no cycles in %s", (folder) => {
    const edges = filesBelow(folder)
      .flatMap(edgesOf)
      .filter(({ isType }) => !isType);
    expect(findCycle(edges)).toBeUndefined();
  });

  it("has no cycles in runtime/src, type-only imports included", () => {
    expect(filesInCycles(filesBelow("runtime/src").flatMap(edgesOf))).toEqual([]);
  });

  it("loads no compiler for --version, schema and validate", () => {
    const heavy = ["typescript", "ts-morph", "zod-to-ts", "prettier", "handlebars", "@lezer/python"];
    const eager = reachable("generator/program.ts");
    expect(heavy.filter((name) => eager.has(name))).toEqual([]);
    for (const command of ["validate", "schema"]) {
      const reached = reachable(`generator/commands/${command}.ts`);
      expect(heavy.filter((name) => reached.has(name))).toEqual([]);
    }
  });
});

/** The files that are loaded with a file: static imports only, without types. */
function reachable(file: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [file];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.endsWith(".ts")) queue.push(...staticEdgesOf(next));
  }
  return seen;
}

function staticEdgesOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  const lazy = new Set([...text.matchAll(/import\("([^"]+)"\)/g)].map(([, specifier]) => specifier));
  const isLazy = (to: string): boolean =>
    [...lazy].some(
      (each) =>
        each !== undefined &&
        (each === to || to.endsWith(each.replace(/^(\.\.?\/)+/, "").replace(/\.js$/, ".ts"))),
    );
  return edgesOf(file)
    .filter(({ to, isType }) => !isType && !isLazy(to))
    .map(({ to }) => to);
}

function findCycle(edges: readonly Edge[]): string | undefined {
  const next = group(edges);
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" → ");
    if (done.has(file)) return undefined;
    for (const { to } of next.get(file) ?? []) {
      const cycle = walk(to, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** The files from which imports lead back to themselves. */
function filesInCycles(edges: readonly Edge[]): readonly string[] {
  const next = group(edges);
  const isInCycle = (file: string): boolean => {
    const seen = new Set<string>();
    const queue = (next.get(file) ?? []).map(({ to }) => to);
    for (let each = queue.pop(); each !== undefined; each = queue.pop()) {
      if (each === file) return true;
      if (seen.has(each)) continue;
      seen.add(each);
      queue.push(...(next.get(each) ?? []).map(({ to }) => to));
    }
    return false;
  };
  return [...next.keys()].filter(isInCycle).sort();
}

function group(edges: readonly Edge[]): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) groups.set(edge.from, [...(groups.get(edge.from) ?? []), edge]);
  return groups;
}
