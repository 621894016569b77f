import tseslint from "typescript-eslint";
import own from "./scripts/lint-plugin.mjs";

export default tseslint.config(
  { ignores: ["**/dist/", "build/", ".scratch/", "generated/", "test/cases/", "test/types/", "sync/wasm/"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { own },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      // An empty text counts as left out more often than not.
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { string: true } }],
      // A record type cannot refer to itself.
      "@typescript-eslint/consistent-indexed-object-style": "off",
      // An empty interface can be a name for later; a type parameter of a public signature documents its caller.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // `satisfies never` guards switches at compile time.
      "@typescript-eslint/only-throw-error": [
        "error",
        { allowThrowingUnknown: true, allowThrowingAny: false },
      ],
      "own/names": "error",
      "own/exports-by-name": "error",
      "own/no-classes": "error",
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 80 }],
      "max-params": ["error", { max: 3 }],
    },
  },
  {
    files: ["runtime/src/errors.ts", "sync/src/errors.ts", "test/**"],
    rules: { "own/no-classes": "off" },
  },
  {
    files: ["test/**", "bench/**", "demo/**"],
    rules: {
      // A test reads as one table or one story.
      "max-lines-per-function": "off",
      // The other rule of the pair forbids `!`; a test says with `as` what it knows.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
    },
  },
  {
    files: ["generator/emit/verify-code.ts"],
    // ts-morph narrows its nodes by guards, which this rule takes for lost instances.
    rules: { "@typescript-eslint/no-unsafe-class-instance-assignment": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs", "*.config.*"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "own/names": "off", "own/exports-by-name": "off", "own/no-classes": "off" },
  },
);
