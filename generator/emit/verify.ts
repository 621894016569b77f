import {
  createWrappedNode,
  Node,
  SyntaxKind,
  ts,
  VariableDeclarationKind,
  type SourceFile,
  type Statement,
} from "ts-morph";
import type { Declaration, Statement as PrintedStatement } from "./layout.js";

/** The imports and exports that a generated module may have. */
export interface Whitelist {
  /** Modules it may import from. */
  readonly modules: readonly string[];
  /** Every name it exports, in any order. */
  readonly exports: readonly string[];
}

/**
 * Parses a printed module and checks it against the whitelist: imports, exported types, constants made of literals and
 * calls of imported names, and one factory. This finds text of a spec that became code.
 *
 * Returns the violations with their lines. Parses neither the declarations that `layOutStatement` has recognised line by line,
 * nor other types together: the syntax tree of a large module is never in memory as a whole.
 */
export function verifyModule(
  statements: readonly PrintedStatement[],
  whitelist: Whitelist,
): readonly string[] {
  const { declared, code } = separate(statements);
  const tree = parse(code);
  const syntax = problemsOf(tree);
  if (syntax.length > 0) return syntax;
  const file = createWrappedNode(tree);
  const constants = declared.filter(({ kind }) => kind === "constant");
  const known: Known = {
    callees: calleeNames(file),
    constants: new Set([...constantNames(file), ...constants.map(({ name }) => name)]),
  };
  // With its statement parsed, a violation has a line.
  if (!constants.every((constant) => isKnown(constant, known)))
    return verifyModule(
      statements.map(({ text }) => ({ text })),
      whitelist,
    );
  const problems = file.getStatements().flatMap((statement) => checkStatement(statement, known, whitelist));
  const exported = declared.filter(({ isExported }) => isExported).map(({ name }) => name);
  return [...problems, ...checkExports(new Set([...exported, ...exportsOf(file)]), whitelist)];
}

/** What the recognised statements and types of a module declare, and its text with empty lines in place of these. */
function separate(statements: readonly PrintedStatement[]): {
  readonly declared: readonly Declaration[];
  readonly code: string;
} {
  const declared: Declaration[] = [];
  const code = statements.map(({ text, declares }) => {
    const found = declares ?? declaredType(text);
    if (!found) return text;
    declared.push(found);
    return "\n".repeat(text.split("\n").length - 1);
  });
  return { declared, code: code.join("\n\n") };
}

function declaredType(text: string): Declaration | undefined {
  const name = /^export (?:interface|type) /m.test(text) ? typeOf(parse(text)) : undefined;
  return name === undefined
    ? undefined
    : { kind: "type", name, isExported: true, calls: new Set(), names: new Set() };
}

const literalNames: ReadonlySet<string> = new Set(["true", "false", "null"]);

/** Whether a constant calls and names only what it may. */
function isKnown({ calls, names }: Declaration, known: Known): boolean {
  return (
    [...calls].every((name) => known.callees.has(name)) &&
    [...names].every((name) => literalNames.has(name) || known.constants.has(name))
  );
}

/** The name of the exported type that is all that a text declares. */
function typeOf(tree: ts.SourceFile): string | undefined {
  const [statement, ...others] = tree.statements;
  if (!statement || others.length > 0 || problemsOf(tree).length > 0) return undefined;
  if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) return undefined;
  const isExported = statement.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword);
  return isExported ? statement.name.text : undefined;
}

/** Parses a text into a plain syntax tree, without a program, and without looking into documentation. */
function parse(text: string): ts.SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile("module.ts", text, options);
}

/** The syntax errors of a tree, which the compiler's types do not show. */
function problemsOf(tree: ts.SourceFile): readonly string[] {
  const { parseDiagnostics } = tree as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  return parseDiagnostics.map(({ start = 0, messageText }) => {
    const { line } = tree.getLineAndCharacterOfPosition(start);
    return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** The names that constants may use. */
interface Known {
  /** Imported names, which may be called. */
  readonly callees: ReadonlySet<string>;
  /** The module's constants, which may be referred to. */
  readonly constants: ReadonlySet<string>;
}

function checkStatement(statement: Statement, known: Known, whitelist: Whitelist): readonly string[] {
  const isAllowed =
    isAllowedImport(statement, whitelist) ||
    Node.isInterfaceDeclaration(statement) ||
    Node.isTypeAliasDeclaration(statement) ||
    isConstant(statement, known) ||
    isFactory(statement);
  return isAllowed
    ? []
    : [`line ${statement.getStartLineNumber()}: a ${statement.getKindName()} does not belong here`];
}

function isAllowedImport(statement: Statement, { modules }: Whitelist): boolean {
  return Node.isImportDeclaration(statement) && modules.includes(statement.getModuleSpecifierValue());
}

function isConstant(statement: Statement, known: Known): boolean {
  if (
    !Node.isVariableStatement(statement) ||
    statement.getDeclarationKind() !== VariableDeclarationKind.Const
  )
    return false;
  return statement
    .getDeclarations()
    .every((declaration) => isData(declaration.compilerNode.initializer, known));
}

/** All imported values except those that only the factory uses. */
function calleeNames(file: SourceFile): ReadonlySet<string> {
  const values = file.getImportDeclarations().filter((each) => !each.isTypeOnly());
  const names = values.flatMap((each) => each.getNamedImports().map((name) => name.getName()));
  return new Set(names.filter((name) => !["createReader", "readerKey", "decodeDates"].includes(name)));
}

function constantNames(file: SourceFile): readonly string[] {
  return file.getVariableDeclarations().map((declaration) => declaration.getName());
}

/**
 * Literals, objects and lists of them, constants of this module, and calls of imported names (also `z.object(…)`). Takes nodes
 * of the compiler, because there are many.
 */
function isData(node: ts.Node | undefined, known: Known): boolean {
  if (node === undefined) return false;
  if (ts.isIdentifier(node)) return known.constants.has(node.text);
  if (ts.isObjectLiteralExpression(node)) return node.properties.every((property) => isRow(property, known));
  if (ts.isArrayLiteralExpression(node)) return node.elements.every((element) => isData(element, known));
  if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand);
  if (ts.isArrowFunction(node)) return node.parameters.length === 0 && isData(node.body, known);
  if (ts.isCallExpression(node))
    return isCallee(node.expression, known) && node.arguments.every((argument) => isData(argument, known));
  return literals.has(node.kind);
}

const literals: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.NumericLiteral,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
]);

function isRow(property: ts.ObjectLiteralElementLike, known: Known): boolean {
  if (ts.isShorthandPropertyAssignment(property)) return known.constants.has(property.name.text);
  if (!ts.isPropertyAssignment(property)) return false;
  const { name } = property;
  const isPlain = !ts.isComputedPropertyName(name) || ts.isStringLiteral(name.expression);
  return isPlain && isData(property.initializer, known);
}

function isCallee(node: ts.Expression, known: Known): boolean {
  if (ts.isIdentifier(node)) return known.callees.has(node.text);
  if (!ts.isPropertyAccessExpression(node)) return false;
  const target = node.expression;
  return ts.isCallExpression(target) ? isData(target, known) : isCallee(target, known);
}

/**
 * `export function create…(options) { const reader = createReader(…); return { [readerKey]: reader, method: (params, read)
 * => … }; }`, without `params` for resources that have none. `decodeDates(…)` may be around a resource.
 */
function isFactory(statement: Statement): boolean {
  if (!Node.isFunctionDeclaration(statement) || !statement.hasExportKeyword()) return false;
  const [reader, result, ...rest] = statement.getStatements();
  if (rest.length > 0 || !Node.isReturnStatement(result)) return false;
  const isReader = /^const reader = createReader\(\w+, options\);$/.test(reader?.getText() ?? "");
  const methods = result.getExpression();
  return (
    isReader &&
    Node.isObjectLiteralExpression(methods) &&
    methods.getProperties().every((property) => {
      if (!Node.isPropertyAssignment(property)) return false;
      if (property.getText() === "[readerKey]: reader") return true;
      const method = (property.getInitializer()?.getText() ?? "").replace(/\s+/g, "");
      return methodForm.test(method);
    })
  );
}

/** A method of a facade without spaces. */
const methodForm =
  /^\((?:params,)?read\)=>reader\.read\((?:[\w$]+|decodeDates\([\w$]+,[\w$]+,"[\w$]+",?\)),(?:params|\{\}),read,?\)$/;

/** The names that the code of a module exports. */
function exportsOf(file: SourceFile): readonly string[] {
  return file.getStatements().flatMap((statement): readonly string[] => {
    if (Node.isVariableStatement(statement) && statement.hasExportKeyword())
      return statement.getDeclarations().map((declaration) => declaration.getName());
    const isNamed = Node.isExportable(statement) && statement.hasExportKeyword() && Node.hasName(statement);
    return isNamed ? [statement.getName()] : [];
  });
}

function checkExports(found: ReadonlySet<string>, { exports }: Whitelist): readonly string[] {
  const wanted = new Set(exports);
  const missing = exports.filter((name) => !found.has(name)).map((name) => `the export ${name} is missing`);
  const extra = [...found]
    .filter((name) => !wanted.has(name))
    .map((name) => `the export ${name} is unexpected`);
  return [...missing, ...extra];
}
