import {
  createWrappedNode,
  Node,
  SyntaxKind,
  ts,
  VariableDeclarationKind,
  type SourceFile,
  type Statement,
} from "ts-morph";
import type { Declaration } from "./declaration.js";
import type { Statement as PrintedStatement } from "./layout.js";
import {
  checkExports,
  isAllowed,
  isCallable,
  mergeNames,
  type ModuleNames,
  namesOf,
  type Whitelist,
} from "./whitelist.js";

/**
 * Checks a module like `verifyModule`, and parses the statements that `layOutStatement` has not recognised. Parses types
 * one by one, so the syntax tree of a large module is never in memory as a whole.
 */
export function verifyCode(statements: readonly PrintedStatement[], whitelist: Whitelist): readonly string[] {
  const { declared, code } = separate(statements);
  const tree = parse(code);
  const syntax = problemsOf(tree);
  if (syntax.length > 0) return syntax;
  const file = createWrappedNode(tree);
  const known = mergeNames(namesOf(declared), namesIn(file));
  // Parse the statement, because the syntax tree shows the line of a violation.
  if (!isAllowed(declared, known, whitelist))
    return verifyCode(
      statements.map(({ text }) => ({ text })),
      whitelist,
    );
  const problems = file.getStatements().flatMap((statement) => checkStatement(statement, known, whitelist));
  return [...problems, ...checkExports(known.exports, whitelist)];
}

/**
 * Separates the declarations of recognised statements and types from the rest of the module. In the rest, empty lines
 * replace them.
 */
function separate(statements: readonly PrintedStatement[]): {
  readonly declared: readonly Declaration[];
  readonly code: string;
} {
  const declared: Declaration[] = [];
  const code: string[] = [];
  for (const { text, declares } of statements) {
    const tree = declares ? undefined : parse(text);
    // An unterminated statement may contain the statements after it.
    if (tree && problemsOf(tree).length > 0)
      return { declared: [], code: statements.map((each) => each.text).join("\n\n") };
    const found = declares ?? (tree && typeOf(tree));
    if (found) declared.push(found);
    code.push(found ? "\n".repeat(text.split("\n").length - 1) : text);
  }
  return { declared, code: code.join("\n\n") };
}

/** Returns the exported type that a text declares, if it declares nothing else. */
function typeOf(tree: ts.SourceFile): Declaration | undefined {
  const [statement, ...others] = tree.statements;
  if (!statement || others.length > 0) return undefined;
  if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) return undefined;
  const isExported = statement.modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword);
  return isExported ? { kind: "type", name: statement.name.text } : undefined;
}

/** Parses a text into a plain syntax tree, without a program and without documentation. */
function parse(text: string): ts.SourceFile {
  const options = {
    languageVersion: ts.ScriptTarget.ESNext,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  return ts.createSourceFile("module.ts", text, options);
}

/** Returns the syntax errors of a tree. The compiler's types do not declare this property. */
function problemsOf(tree: ts.SourceFile): readonly string[] {
  const { parseDiagnostics } = tree as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  return parseDiagnostics.map(({ start = 0, messageText }) => {
    const { line } = tree.getLineAndCharacterOfPosition(start);
    return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}

/** Returns the names that the parsed statements of a module import and declare. */
function namesIn(file: SourceFile): ModuleNames {
  const values = file.getImportDeclarations().filter((each) => !each.isTypeOnly());
  return {
    values: new Set(values.flatMap((each) => each.getNamedImports().map((name) => name.getName()))),
    constants: new Set(file.getVariableDeclarations().map((declaration) => declaration.getName())),
    exports: new Set(exportsOf(file)),
  };
}

function checkStatement(statement: Statement, known: ModuleNames, whitelist: Whitelist): readonly string[] {
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
  if (!Node.isImportDeclaration(statement)) return false;
  const { moduleSpecifier } = statement.compilerNode;
  return ts.isStringLiteral(moduleSpecifier) && modules.includes(moduleSpecifier.text);
}

function isConstant(statement: Statement, known: ModuleNames): boolean {
  if (
    !Node.isVariableStatement(statement) ||
    statement.getDeclarationKind() !== VariableDeclarationKind.Const
  )
    return false;
  return statement
    .getDeclarations()
    .every((declaration) => isData(declaration.compilerNode.initializer, known));
}

/**
 * Whether a node consists of literals, objects, lists, constants of this module, and calls of imported names (including
 * `z.object(…)`). Takes nodes of the compiler, because there are many.
 */
function isData(node: ts.Node | undefined, known: ModuleNames): boolean {
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

function isRow(property: ts.ObjectLiteralElementLike, known: ModuleNames): boolean {
  if (ts.isShorthandPropertyAssignment(property)) return known.constants.has(property.name.text);
  if (!ts.isPropertyAssignment(property)) return false;
  const { name } = property;
  const isPlain = !ts.isComputedPropertyName(name) || ts.isStringLiteral(name.expression);
  return isPlain && isData(property.initializer, known);
}

function isCallee(node: ts.Expression, known: ModuleNames): boolean {
  if (ts.isIdentifier(node)) return isCallable(node.text, known);
  if (!ts.isPropertyAccessExpression(node)) return false;
  const target = node.expression;
  return ts.isCallExpression(target) ? isData(target, known) : isCallee(target, known);
}

/**
 * Whether a statement is the factory:
 * `export function create…(options) { const reader = createReader(…); return { [readerKey]: reader, method: (params, read) => … }; }`,
 * or `method: (...read) => …` for resources without parameters. `decodeDates(…)` may enclose a resource.
 */
function isFactory(statement: Statement): boolean {
  if (!Node.isFunctionDeclaration(statement) || !statement.hasExportKeyword()) return false;
  const [reader, result, ...rest] = statement.getStatements();
  if (rest.length > 0 || !Node.isReturnStatement(result)) return false;
  const isReader = /^const reader = createReader\([\w$]+, options\);$/.test(reader?.getText() ?? "");
  const methods = result.getExpression();
  return (
    isReader &&
    Node.isObjectLiteralExpression(methods) &&
    methods.getProperties().every((property) => {
      if (!Node.isPropertyAssignment(property)) return false;
      if (property.getText() === "[readerKey]: reader") return true;
      const method = (property.getInitializer()?.getText() ?? "").replace(/\s+/g, "");
      return methodForms.some((form) => form.test(method));
    })
  );
}

/** The methods of a facade without spaces: with parameters, and without them. */
const methodForms: readonly RegExp[] = [
  /^\(params,read\)=>reader\.read\((?:[\w$]+|decodeDates\([\w$]+,[\w$]+,"[\w$]+",?\)),params,read,?\)$/,
  /^\(\.\.\.read\)=>reader\.read\((?:[\w$]+|decodeDates\([\w$]+,[\w$]+,"[\w$]+",?\)),\{\},\.\.\.read,?\)$/,
];

/** Returns the names that the code of a module exports. */
function exportsOf(file: SourceFile): readonly string[] {
  return file.getStatements().flatMap((statement): readonly string[] => {
    if (Node.isVariableStatement(statement) && statement.hasExportKeyword())
      return statement.getDeclarations().map((declaration) => declaration.getName());
    const isNamed = Node.isExportable(statement) && statement.hasExportKeyword() && Node.hasName(statement);
    return isNamed ? [statement.getName()] : [];
  });
}
