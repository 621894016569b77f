import type { Statement } from "./layout.js";
import { checkExports, isAllowed, namesOf, type Whitelist } from "./whitelist.js";

/**
 * Checks a printed module against the whitelist: imports, exported types, constants made of literals and calls of imported
 * names, and one factory. This detects text of a spec that became code.
 *
 * Resolves to the violations with their lines. Loads the compiler only for statements that `layOutStatement` has not
 * recognised, and for violations.
 */
export async function verifyModule(
  statements: readonly Statement[],
  whitelist: Whitelist,
): Promise<readonly string[]> {
  const declared = statements.flatMap(({ declares }) => declares ?? []);
  if (declared.length === statements.length) {
    const known = namesOf(declared);
    const problems = checkExports(known.exports, whitelist);
    if (isAllowed(declared, known, whitelist) && problems.length === 0) return [];
  }
  const { verifyCode } = await import("./verify-code.js");
  return verifyCode(statements, whitelist);
}
