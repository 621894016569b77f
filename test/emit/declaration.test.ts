import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import type { Declaration } from "../../generator/emit/declaration.js";
import { formatText } from "../../generator/emit/format.js";
import { layOutStatement, readStatements, type Statement } from "../../generator/emit/layout.js";
import { renderSource } from "../../generator/emit/render.js";
import { verifyModule } from "../../generator/emit/verify.js";
import { verifyCode } from "../../generator/emit/verify-code.js";
import { loadAllSources } from "../support/all-specs.js";

/** The printed module of each case and spec. */
const modules = (await loadAllSources()).map((source) => renderSource(source));

/** A declaration in a form to compare. */
function comparable(declaration: Declaration): object {
  const sorted = Object.entries(declaration).map(([key, value]: [string, unknown]) => {
    const words = value instanceof Set ? ([...value] as string[]).sort() : value;
    return [key, Array.isArray(words) ? words.filter((word) => !literalNames.includes(String(word))) : words];
  });
  return Object.fromEntries(sorted) as object;
}

const literalNames: readonly string[] = ["true", "false", "null"];

/** Parses a text with the compiler: comments, imports, one type, one constant made of data, or one factory. */
function declarationIn(text: string): Declaration | undefined {
  const tree = ts.createSourceFile("module.ts", text, ts.ScriptTarget.ESNext, true);
  const { parseDiagnostics } = tree as unknown as { readonly parseDiagnostics: readonly unknown[] };
  const [statement, ...others] = tree.statements;
  if (parseDiagnostics.length > 0) return undefined;
  if (!statement) return { kind: "comment" };
  if (ts.isImportDeclaration(statement)) return importsIn(tree.statements);
  if (others.length > 0) return undefined;
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return isOnlyExported(statement) ? { kind: "type", name: statement.name.text } : undefined;
  if (ts.isFunctionDeclaration(statement))
    return isOnlyExported(statement) ? factoryIn(statement) : undefined;
  return ts.isVariableStatement(statement) ? constantIn(statement) : undefined;
}

function isOnlyExported({ modifiers = [] }: { readonly modifiers?: Iterable<ts.ModifierLike> }): boolean {
  return [...modifiers].map(({ kind }) => kind).join() === String(ts.SyntaxKind.ExportKeyword);
}

function importsIn(statements: readonly ts.Statement[]): Declaration | undefined {
  const [modules, values] = [new Set<string>(), new Set<string>()];
  const areImports = statements.every((each) => {
    if (!ts.isImportDeclaration(each) || !ts.isStringLiteral(each.moduleSpecifier)) return false;
    modules.add(each.moduleSpecifier.text);
    const { importClause, attributes } = each;
    const bindings = importClause?.namedBindings;
    if (!importClause || importClause.name || attributes || !bindings || !ts.isNamedImports(bindings))
      return false;
    const isType = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return bindings.elements.every(({ name, propertyName, isTypeOnly }) => {
      if (!isType) values.add(name.text);
      return !propertyName && !isTypeOnly;
    });
  });
  return areImports ? { kind: "imports", modules, values } : undefined;
}

function constantIn(statement: ts.VariableStatement): Declaration | undefined {
  if (!(statement.declarationList.flags & ts.NodeFlags.Const)) return undefined;
  const [declaration, ...more] = statement.declarationList.declarations;
  if (!declaration || more.length > 0 || !ts.isIdentifier(declaration.name)) return undefined;
  const [calls, names] = [new Set<string>(), new Set<string>()];
  const isData = (node: ts.Node | undefined): boolean => {
    if (!node) return false;
    if (ts.isIdentifier(node)) return Boolean(names.add(node.text));
    if (ts.isObjectLiteralExpression(node))
      return node.properties.every((row) => {
        if (ts.isShorthandPropertyAssignment(row)) return Boolean(names.add(row.name.text));
        if (!ts.isPropertyAssignment(row)) return false;
        const isComputed = ts.isComputedPropertyName(row.name) && !ts.isStringLiteral(row.name.expression);
        return !isComputed && isData(row.initializer);
      });
    if (ts.isArrayLiteralExpression(node)) return node.elements.every(isData);
    if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand);
    if (ts.isCallExpression(node)) {
      if (!ts.isIdentifier(node.expression)) return false;
      calls.add(node.expression.text);
      return node.arguments.every(isData);
    }
    const { TrueKeyword, FalseKeyword, NullKeyword } = ts.SyntaxKind;
    const isWord = [TrueKeyword, FalseKeyword, NullKeyword].includes(node.kind);
    return ts.isStringLiteral(node) || ts.isNumericLiteral(node) || isWord;
  };
  if (!isData(declaration.initializer)) return undefined;
  const isExported = isOnlyExported(statement);
  if (!isExported && statement.modifiers) return undefined;
  return { kind: "constant", name: declaration.name.text, isExported, calls, names };
}

/** A factory: it creates the reader, and returns an object with the reader and methods that read. */
function factoryIn(node: ts.FunctionDeclaration): Declaration | undefined {
  const { name, parameters, body, asteriskToken, typeParameters } = node;
  const [reader, result, ...others] = body?.statements ?? [];
  if (!name || asteriskToken || typeParameters || !reader || others.length > 0) return undefined;
  const isCalled = parameters.map((each) => each.name.getText()).join() === "options";
  const [standard] = parameters.map(({ initializer }) => initializer?.getText() ?? "{}");
  const isReader = /^const reader = createReader\([\w$]+, options\);$/.test(reader.getText());
  if (!isCalled || standard !== "{}" || !isReader || !result || !ts.isReturnStatement(result))
    return undefined;
  const client = result.expression;
  if (!client || !ts.isObjectLiteralExpression(client)) return undefined;
  const isClient = client.properties.every(
    (each) => ts.isPropertyAssignment(each) && (each.getText() === "[readerKey]: reader" || isMethod(each)),
  );
  return isClient ? { kind: "factory", name: name.text } : undefined;
}

function isMethod({ name, initializer }: ts.PropertyAssignment): boolean {
  if (ts.isComputedPropertyName(name) || !ts.isArrowFunction(initializer)) return false;
  const { body, modifiers } = initializer;
  const parameters = initializer.parameters.map((each) => each.getText()).join();
  if (modifiers || !ts.isCallExpression(body) || body.expression.getText() !== "reader.read") return false;
  const [resource, params, read, ...others] = body.arguments;
  const args = [params, read, ...others].map((each) => each?.getText()).join();
  return (
    ["params,read => params,read", "...read => {},...read"].includes(`${parameters} => ${args}`) &&
    /^(?:[\w$]+|decodeDates\([\w$]+, [\w$]+, "[\w$]+"\))$/.test(resource?.getText() ?? "")
  );
}

/** Texts that could change the meaning of a statement. */
const intruders: readonly string[] = [
  ...[
    "*/",
    "/*",
    "/*/",
    "//",
    "// ",
    "}",
    "{",
    "};",
    "},",
    ";",
    "fetch();",
    "\n",
    "\n\n",
    '"',
    "\\",
    "\\u",
    "\\u00",
  ],
  ...[
    "'",
    "`",
    "<",
    ">",
    "(",
    ")",
    "[",
    "]",
    "|",
    "&",
    "=",
    ":",
    "?",
    ",",
    ".",
    "-",
    "1",
    "0",
    "$",
    "_",
    " ",
  ],
  ...[
    "\r",
    "\u2028",
    "\u00e9",
    "#",
    "@",
    "!",
    "=>",
    "...",
    "\nfetch();",
    "return ",
    "return {",
    "const reader = ",
  ],
  ...[
    "readonly ",
    "keyof ",
    "typeof ",
    "if",
    "void",
    "string",
    "null",
    "never<",
    "new",
    "import",
    "extends ",
  ],
  ...["export ", "interface ", "type ", "const x = 1;", "unique ", "asserts ", "is ", "infer ", "this", "x"],
  ...[
    "default",
    "async ",
    "function ",
    " as x",
    "* as x",
    "read",
    "params",
    "options",
    "{}",
    ' from "x"',
    " = {}",
  ],
];

/** A change of a text. */
interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly added: string;
}

const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    at: fc.nat(),
    removed: fc.integer({ min: 0, max: 6 }),
    added: fc.constantFrom("", "", ...intruders),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Puts texts into a text, and removes others from it. The compiler never ends for a tag like `@a-*\/`, so none has this end. */
function edit(text: string, changes: readonly Edit[]): string {
  const edited = changes.reduce((before, { at, removed, added }) => {
    const from = at % (before.length + 1);
    return before.slice(0, from) + added + before.slice(from + removed);
  }, text);
  return edited.replaceAll("-*/", "- */");
}

describe("a statement recognised as a declaration", () => {
  it("is that declaration for the compiler, in every case and spec", () => {
    const known = { comment: 0, imports: 0, type: 0, constant: 0, factory: 0 };
    const statements = modules.flatMap(readStatements);
    for (const { text, declares } of statements) {
      if (declares === undefined) continue;
      known[declares.kind] += 1;
      const wanted = declarationIn(text);
      expect(wanted && comparable(wanted)).toEqual(comparable(declares));
    }
    const all = Object.values(known).reduce((sum, count) => sum + count, 0);
    expect(known.type).toBeGreaterThan(100);
    expect(known.constant).toBeGreaterThan(100);
    expect(known.comment).toBe(modules.length);
    expect(known.imports).toBe(modules.length);
    expect(known.factory).toBeGreaterThan(modules.length / 2);
    expect(all / statements.length).toBeGreaterThan(0.9);
  });

  it("is that declaration for the compiler even if anything is put into it or removed from it", () => {
    const found = new Map<string, string[]>();
    for (const { text, declares } of modules.flatMap(readStatements))
      if (declares) found.set(declares.kind, [...(found.get(declares.kind) ?? []), text]);
    const printed = fc.oneof(...[...found.values()].map((texts) => fc.constantFrom(...texts)));
    const known = new Map<string, number>();
    let refused = 0;
    fc.assert(
      fc.property(printed, edits, (statement, changes) => {
        const edited = edit(statement, changes);
        const { declares } = layOutStatement(edited);
        if (declares === undefined) refused += 1;
        else {
          known.set(declares.kind, (known.get(declares.kind) ?? 0) + 1);
          const wanted = declarationIn(edited);
          expect(wanted && comparable(wanted)).toEqual(comparable(declares));
        }
      }),
      { numRuns: 3_000 },
    );
    for (const kind of found.keys()) expect([kind, (known.get(kind) ?? 0) > 20]).toEqual([kind, true]);
    expect(refused).toBeGreaterThan(500);
  });
});

describe("a statement that is laid out and recognised", () => {
  it("is what prettier makes of it even if anything is put into it or removed from it", async () => {
    const printed = modules.flatMap(readStatements).filter(({ declares }) => declares);
    const pairs = fc.sample(fc.tuple(fc.constantFrom(...printed), edits), 500);
    const known = pairs
      .flatMap(([{ text }, changes]) => readStatements(edit(text, changes)))
      .filter(({ declares }) => declares);
    expect(known.length).toBeGreaterThan(50);
    for (const { text, laidOut } of known)
      expect(`${laidOut ?? ""}\n`).toBe(await formatText(text, { parser: "babel-ts", printWidth: 80 }));
  });
});

const whitelist = { modules: ["@connector-gen/runtime"] };

/** Verifies a module with the compiler, which parses every statement. */
function verifyByCompiler(statements: readonly Statement[], exports: readonly string[]): readonly string[] {
  return verifyCode(
    statements.map(({ text }) => ({ text })),
    { ...whitelist, exports },
  );
}

describe("a module without violations", () => {
  it("has none for the compiler either, if anything is put into it or removed from it", async () => {
    const small = modules.filter((module) => module.length < 8_000);
    const [counts, pairs] = [
      { kept: 0, refused: 0 },
      fc.sample(fc.tuple(fc.constantFrom(...small), edits), 200),
    ];
    for (const [module, changes] of pairs) {
      const exports = readStatements(module).flatMap(({ text }) => exportForm.exec(text)?.[1] ?? []);
      const statements = readStatements(edit(module, changes));
      const problems = await verifyModule(statements, { ...whitelist, exports });
      counts[problems.length === 0 ? "kept" : "refused"] += 1;
      expect(problems.length === 0).toBe(verifyByCompiler(statements, exports).length === 0);
    }
    expect(counts.kept).toBeGreaterThan(15);
    expect(counts.refused).toBeGreaterThan(15);
  });
});

const exportForm = /^export (?:interface|type|const|function) ([\w$]+)/m;
