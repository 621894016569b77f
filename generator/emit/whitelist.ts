import type { ConstantDeclaration, Declaration } from "./declaration.js";

/** The imports and exports that a generated module may have. */
export interface Whitelist {
  /** Modules it may import from. */
  readonly modules: readonly string[];
  /** Every name it exports, in any order. */
  readonly exports: readonly string[];
}

/** The names of a module. */
export interface ModuleNames {
  /** Imported values. */
  readonly values: ReadonlySet<string>;
  /** Constants, exported or not. */
  readonly constants: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
}

/** Returns the names that recognised statements import and declare. */
export function namesOf(declarations: readonly Declaration[]): ModuleNames {
  const names = { values: new Set<string>(), constants: new Set<string>(), exports: new Set<string>() };
  for (const each of declarations) {
    if (each.kind === "imports") for (const value of each.values) names.values.add(value);
    else if (each.kind === "constant") {
      names.constants.add(each.name);
      if (each.isExported) names.exports.add(each.name);
    } else if (each.kind !== "comment") names.exports.add(each.name);
  }
  return names;
}

/** Merges the names of two parts of a module. */
export function mergeNames(one: ModuleNames, other: ModuleNames): ModuleNames {
  return {
    values: new Set([...one.values, ...other.values]),
    constants: new Set([...one.constants, ...other.constants]),
    exports: new Set([...one.exports, ...other.exports]),
  };
}

/** Whether all imports come from modules in the whitelist, and constants call and use only allowed names. */
export function isAllowed(
  declarations: readonly Declaration[],
  known: ModuleNames,
  { modules }: Whitelist,
): boolean {
  return declarations.every((each) => {
    if (each.kind === "imports") return [...each.modules].every((module) => modules.includes(module));
    return each.kind !== "constant" || isData(each, known);
  });
}

/** Names that only the factory uses. */
const factoryNames: ReadonlySet<string> = new Set(["createReader", "readerKey", "decodeDates"]);

/** Whether constants may call a name. They may call imported values, except for those that only the factory uses. */
export function isCallable(name: string, { values }: ModuleNames): boolean {
  return values.has(name) && !factoryNames.has(name);
}

const literalNames: ReadonlySet<string> = new Set(["true", "false", "null"]);

function isData({ calls, names }: ConstantDeclaration, known: ModuleNames): boolean {
  return (
    [...calls].every((name) => isCallable(name, known)) &&
    [...names].every((name) => literalNames.has(name) || known.constants.has(name))
  );
}

/** Returns the differences between the exports of a module and those of the whitelist, as sentences. */
export function checkExports(found: ReadonlySet<string>, { exports }: Whitelist): readonly string[] {
  const wanted = new Set(exports);
  const missing = exports.filter((name) => !found.has(name)).map((name) => `the export ${name} is missing`);
  const extra = [...found]
    .filter((name) => !wanted.has(name))
    .map((name) => `the export ${name} is unexpected`);
  return [...missing, ...extra];
}
