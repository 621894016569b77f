/** The imports of one module. Printing a name imports it. */
export interface Imports {
  /** Prints the name of a value and imports it. */
  readonly use: (name: string) => string;
  /** Prints the name of a type and imports it. */
  readonly useType: (name: string) => string;
  /** The import declarations, sorted. */
  readonly print: () => string;
}

/** Creates an empty list of imports from one module. */
export function createImports(module: string): Imports {
  const values = new Set<string>();
  const types = new Set<string>();
  return {
    use: (name) => {
      values.add(name);
      return name;
    },
    useType: (name) => {
      types.add(name);
      return name;
    },
    print: () =>
      [printImport("import", values, module), printImport("import type", types, module)]
        .filter(Boolean)
        .join("\n"),
  };
}

function printImport(keyword: string, names: ReadonlySet<string>, module: string): string {
  return names.size === 0 ? "" : `${keyword} { ${[...names].sort().join(", ")} } from "${module}";`;
}
