import type { JsonIr, RulesIr, TypeIr } from "../ir/source-ir.js";
import type { Imports } from "./imports.js";
import { escapeInvisible, printLiteral } from "./literal.js";

/** Prints the rules of a type as calls after its schema: methods of zod if they exist, otherwise `jsonSchema`. */
export function printRules(type: TypeIr, checks: Imports): string {
  const rules = Object.entries(type.rules ?? {});
  const methods = methodsOf(type);
  const calls: string[] = [];
  const rest: [string, JsonIr][] = [];
  for (const [keyword, value] of rules) {
    const call = methods?.(keyword, value);
    if (call === undefined) rest.push([keyword, value]);
    else calls.push(call);
  }
  if (rest.length > 0) calls.push(`.check(${printCheck(Object.fromEntries(rest), checks)})`);
  return calls.join("");
}

function printCheck(rules: RulesIr, checks: Imports): string {
  const literal = printLiteral(rules);
  const definitions = literal.includes('$ref: "#/schemas/') ? ", definitions" : "";
  return `${checks.use("jsonSchema")}(${literal}${definitions})`;
}

type Method = (keyword: string, value: JsonIr) => string | undefined;

/** Returns the methods of zod for the rules of a type. */
function methodsOf(type: TypeIr): Method | undefined {
  switch (type.kind) {
    case "string":
      return textMethod;
    case "number":
      return type.forms === undefined || type.forms.join() === "number"
        ? methodFrom(numberMethods)
        : undefined;
    case "array":
      return methodFrom({ minItems: "min", maxItems: "max" });
    case "tuple": {
      const { required = type.items.length } = type;
      // The schema of the tuple already says it.
      return (keyword, value) => (keyword === "minItems" && Number(value) <= required ? "" : undefined);
    }
    default:
      return undefined;
  }
}

const numberMethods: Readonly<Record<string, string>> = {
  minimum: "min",
  maximum: "max",
  exclusiveMinimum: "gt",
  exclusiveMaximum: "lt",
  multipleOf: "multipleOf",
};

function methodFrom(names: Readonly<Record<string, string>>): Method {
  return (keyword, value) => {
    const name = Object.hasOwn(names, keyword) ? names[keyword] : undefined;
    return name === undefined || typeof value !== "number" ? undefined : `.${name}(${value})`;
  };
}

/**
 * Prints a rule about the length of a text. zod counts UTF-16 units and JSON Schema counts characters, so they agree
 * about empty texts only.
 */
function textMethod(keyword: string, value: JsonIr): string | undefined {
  if (keyword === "minLength" && value === 1) return ".min(1)";
  if (keyword !== "pattern" || typeof value !== "string") return undefined;
  const pattern = toPattern(value);
  return pattern && `.regex(${pattern})`;
}

function toPattern(text: string): string | undefined {
  try {
    return escapeInvisible(String(new RegExp(text, "u"))).replaceAll("</", "<\\/");
  } catch {
    return undefined;
  }
}
