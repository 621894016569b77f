// The rules of ESLint that oxlint lacks, for `scripts/lint.mjs`.
import { builtinRules } from "eslint/use-at-your-own-risk";
import tseslint from "typescript-eslint";

const naming = tseslint.plugin.rules["naming-convention"];

/** The rule asks for the services of its own parser, even where its options need no types. */
const parserServices = { program: null, esTreeNodeToTSNodeMap: new Map(), tsNodeToESTreeNodeMap: new Map() };

function createNaming(context) {
  const sourceCode = Object.create(context.sourceCode, { parserServices: { value: parserServices } });
  return naming.create(Object.create(context, { sourceCode: { value: sourceCode } }));
}

export default {
  meta: { name: "own" },
  rules: {
    "naming-convention": { ...naming, create: createNaming },
    "no-restricted-syntax": builtinRules.get("no-restricted-syntax"),
  },
};
