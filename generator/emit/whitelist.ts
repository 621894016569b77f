import type { ConstantDeclaration, Declaration } from "./declaration.js";

/** The imports and exports that a generated module may have. */
export interface Whitelist {
  /** Modules it may import from. */
  readonly modules: readonly string[];
  /** Every name it exports, in any order. */
  readonly exports: readonly string[];
}

/** The names of a module. */
export interface Facts {
  /** Imported values. */
  readonly values: ReadonlySet<string>;
  /** Constants, exported or not. */
  readonly constants: ReadonlySet<string>;
  readonly exports: ReadonlySet<string>;
}

/** Returns the names that recognised statements import and declare. */
export function factsOf(declarations: readonly Declaration[]): Facts {
  const facts = { values: new Set<string>(), constants: new Set<string>(), exports: new Set<string>() };
  for (const each of declarations) {
    if (each.kind === "imports") for (const value of each.values) facts.values.add(value);
    else if (each.kind === "constant") {
      facts.constants.add(each.name);
      if (each.isExported) facts.exports.add(each.name);
    } else if (each.kind !== "comment") facts.exports.add(each.name);
  }
  return facts;
}

/** Merges the names of two parts of a module. */
export function mergeFacts(one: Facts, other: Facts): Facts {
  return {
    values: new Set([...one.values, ...other.values]),
    constants: new Set([...one.constants, ...other.constants]),
    exports: new Set([...one.exports, ...other.exports]),
  };
}

/** Whether all imports come from modules in the whitelist, and constants call and use only allowed names. */
export function isAllowed(
  declarations: readonly Declaration[],
  facts: Facts,
  { modules }: Whitelist,
): boolean {
  return declarations.every((each) => {
    if (each.kind === "imports") return [...each.modules].every((module) => modules.includes(module));
    return each.kind !== "constant" || isData(each, facts);
  });
}

/** Names that only the factory uses. */
const factoryNames: ReadonlySet<string> = new Set(["createReader", "readerKey", "decodeDates"]);

/** Whether constants may call a name. They may call imported values, except for those that only the factory uses. */
export function isCallable(name: string, { values }: Facts): boolean {
  return values.has(name) && !factoryNames.has(name);
}

const literalNames: ReadonlySet<string> = new Set(["true", "false", "null"]);

function isData({ calls, names }: ConstantDeclaration, facts: Facts): boolean {
  return (
    [...calls].every((name) => isCallable(name, facts)) &&
    [...names].every((name) => literalNames.has(name) || facts.constants.has(name))
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
