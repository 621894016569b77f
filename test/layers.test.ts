import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The rooms of the house and what each may import, besides itself. External packages are listed by name. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "runtime/src": [],
  generated: ["@connector-gen/runtime"],
  "generator/spec": [
    "@connector-gen/runtime*",
    "generator/diagnostics.ts",
    "generator/plural.ts",
    "zod",
    "jsonc-parser",
    "yaml",
    "node:*",
  ],
  "generator/ir": [
    "@connector-gen/runtime*",
    "generator/plural.ts",
    "generator/spec/spec.ts",
    "generator/spec/selector/segments.ts",
    "generator/spec/plan-parts.ts",
    "pluralize-esm",
    "node:*",
  ],
  "generator/emit": [
    "generator/ir/source-ir.ts",
    "handlebars",
    "prettier",
    "ts-morph",
    "typescript",
    "zod",
    "zod-to-ts",
    "node:*",
  ],
  "generator/live": ["@connector-gen/runtime*", "generator/ir/source-ir.ts"],
  "generator/mock": [
    "@connector-gen/runtime*",
    "generator/ir/source-ir.ts",
    "generator/live/*",
    "@faker-js/faker*",
    "node:*",
  ],
  "generator/docs": [
    "@connector-gen/runtime*",
    "generator/diagnostics.ts",
    "generator/spec/*",
    "generator/ir/*",
    "generator/live/*",
    "generator/mock/start-mock.ts",
    "prettier",
    "node:*",
  ],
  "generator/detect": [
    "@connector-gen/runtime*",
    "generator/diagnostics.ts",
    "generator/plural.ts",
    "generator/spec/*",
    "generator/ir/*",
    "generator/live/*",
    "jsonc-parser",
    "yaml",
  ],
  "generator/import": ["@connector-gen/runtime*", "generator/diagnostics.ts", "generator/spec/*", "@lezer/*"],
};

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

/** The imports of a file as paths from the root, or as package names. */
function edgesOf(file: string): readonly Edge[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
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

function isAllowed(edge: Edge, room: string): boolean {
  // The one file of the runtime that knows where it runs.
  if (edge.from === "runtime/src/http/node-transport.ts" && edge.to.startsWith("node:")) return true;
  if (edge.to.startsWith(`${room}/`)) return true;
  return (rooms[room] ?? []).some((allowed) =>
    allowed.endsWith("*") ? edge.to.startsWith(allowed.slice(0, -1)) : edge.to === allowed,
  );
}

describe("layers", () => {
  it.each(Object.keys(rooms))("%s imports only what it may", (room) => {
    const edges = filesBelow(room).flatMap(edgesOf);
    expect(edges.length).toBeGreaterThan(0);
    expect(edges.filter((edge) => !isAllowed(edge, room)).map(({ from, to }) => `${from} → ${to}`)).toEqual(
      [],
    );
  });

  it("lets the IR's types import nothing", () => {
    expect(edgesOf("generator/ir/source-ir.ts")).toEqual([]);
  });

  it.each(["runtime/src", "generator", "demo", "bench"])("has no cycles in %s", (folder) => {
    const edges = filesBelow(folder)
      .flatMap(edgesOf)
      .filter(({ isType }) => !isType);
    expect(findCycle(edges)).toBeUndefined();
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

/** Everything that is loaded with a file: static imports only, types left out. */
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

function group(edges: readonly Edge[]): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) groups.set(edge.from, [...(groups.get(edge.from) ?? []), edge]);
  return groups;
}
