import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../support/paths.js";

/** The names that a file of the runtime declares, as the reference must list them. */
export interface Declarations {
  /** Returns the properties of an interface, without those of the interfaces that it extends. */
  readonly propertiesOf: (type: string) => readonly string[];
  /** Returns the alternatives of a union: its literals, or the names of its types. */
  readonly alternativesOf: (type: string) => readonly string[];
  /** Returns the literal type of an interface's property. */
  readonly literalOf: (type: string, property: string) => string;
  /** Returns the names of exported functions. */
  readonly functions: readonly string[];
  /** Returns the names of exported classes. */
  readonly classes: readonly string[];
}

/** Reads the declarations of a file in `runtime/src`. */
export function readDeclarations(file: string): Declarations {
  const path = join(root, "runtime/src", file);
  const { statements } = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);
  const membersOf = (type: string): readonly ts.Node[] => {
    const found = statements.find(
      (node) => (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) && node.name?.text === type,
    ) as ts.InterfaceDeclaration | ts.ClassDeclaration | undefined;
    if (!found) throw new Error(`${file} declares no ${type}`);
    return found.members;
  };
  const properties = (type: string): readonly (ts.PropertySignature | ts.PropertyDeclaration)[] =>
    membersOf(type).filter((node) => ts.isPropertySignature(node) || ts.isPropertyDeclaration(node));
  const nameOf = ({ name }: { readonly name: ts.PropertyName }): string => (name as ts.Identifier).text;
  return {
    propertiesOf: (type) => properties(type).map(nameOf),
    alternativesOf: (type) => {
      const alias = statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === type) as
        ts.TypeAliasDeclaration | undefined;
      if (!alias || !ts.isUnionTypeNode(alias.type)) throw new Error(`${file} declares no union ${type}`);
      return alias.type.types.map(toText);
    },
    literalOf: (type, property) => {
      const found = properties(type).find((each) => nameOf(each) === property);
      return found?.type ? toText(found.type) : "";
    },
    functions: statements.flatMap((node) =>
      ts.isFunctionDeclaration(node) && node.name ? node.name.text : [],
    ),
    classes: statements.flatMap((node) => (ts.isClassDeclaration(node) && node.name ? node.name.text : [])),
  };
}

function toText(type: ts.TypeNode): string {
  if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return type.literal.text;
  return ts.isTypeReferenceNode(type) ? (type.typeName as ts.Identifier).text : "";
}
