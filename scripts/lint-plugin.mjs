// The rules that are not part of typescript-eslint, or that oxlint lacks. ESLint and oxlint both run them.

/** camelCase, or snake_case as in APIs. A leading underscore marks what is unused. */
const valueName = /^_?(?:[^\p{Lu}_][^_]*|[^\p{Lu}_]+(?:_[^\p{Lu}_]+)*)?$/u;
const functionName = /^[^\p{Lu}_][^_]*$/u;
const typeName = /^[^\p{Ll}_][^_]*$/u;

/** Requires camelCase for variables and functions, and PascalCase for types. Variables may be snake_case. */
const names = {
  create: (context) => {
    const check = (node, format) => {
      if (node && !format.test(node.name))
        context.report({ node, message: `The name ${node.name} has the wrong case.` });
    };
    const checkFunction = ({ id }) => check(id, functionName);
    const checkType = ({ id }) => check(id, typeName);
    return {
      VariableDeclarator: ({ id }) => {
        for (const node of namesIn(id)) check(node, valueName);
      },
      FunctionDeclaration: checkFunction,
      FunctionExpression: checkFunction,
      TSDeclareFunction: checkFunction,
      ClassDeclaration: checkType,
      ClassExpression: checkType,
      TSInterfaceDeclaration: checkType,
      TSTypeAliasDeclaration: checkType,
      TSEnumDeclaration: checkType,
      TSTypeParameter: ({ name }) => check(typeof name === "string" ? undefined : name, typeName),
    };
  },
};

/** Returns the names that a pattern chooses. `{ name }` does not choose it. */
function namesIn(pattern) {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return pattern.properties.flatMap((each) =>
        each.type === "RestElement" ? namesIn(each) : each.shorthand ? [] : namesIn(each.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap(namesIn);
    case "AssignmentPattern":
      return namesIn(pattern.left);
    case "RestElement":
      return namesIn(pattern.argument);
    default:
      return [];
  }
}

/** Forbids `export *` and default exports. */
const exportsByName = {
  create: (context) => ({
    ExportAllDeclaration: (node) => context.report({ node, message: "Name what is exported." }),
    ExportDefaultDeclaration: (node) => context.report({ node, message: "Export by name." }),
  }),
};

/** Forbids classes. */
const noClasses = {
  create: (context) => {
    const report = (node) =>
      context.report({
        node,
        message: "Write a function or a factory; only the error family has classes.",
      });
    return { ClassDeclaration: report, ClassExpression: report };
  },
};

export default {
  meta: { name: "own" },
  rules: { names, "exports-by-name": exportsByName, "no-classes": noClasses },
};
