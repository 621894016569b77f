import { printJson } from "../spec/print-json.js";
import { code, either } from "./markdown.js";

/** A node of the JSON Schema of the spec language. */
export type SchemaNode = Readonly<Record<string, unknown>>;

/** Reads a list of nodes. Returns an empty list for other values. */
export function nodesOf(value: unknown): readonly SchemaNode[] {
  return Array.isArray(value) ? (value as readonly SchemaNode[]) : [];
}

/** Whether a node is an object with known keys, which has its own section. */
export function hasKeys(node: SchemaNode): boolean {
  return Object.keys(node["properties"] ?? {}).length > 0;
}

/** Returns the name of the definition to which a node refers. */
export function refOf(node: SchemaNode): string | undefined {
  const [only, ...others] = nodesOf(node["allOf"]);
  const ref = node["$ref"] ?? (others.length === 0 ? only?.["$ref"] : undefined);
  return typeof ref === "string" ? ref.split("/").at(-1) : undefined;
}

/** Context of printed types. */
export interface TypeContext {
  /** Returns the Markdown link to a definition or to an object with keys. */
  readonly link: (node: SchemaNode) => string | undefined;
}

/** Prints the type of a value as Markdown. Omits `null`, which is the same as no value. */
export function printType(node: SchemaNode, context: TypeContext): string {
  const link = context.link(node);
  if (link !== undefined) return link;
  const words = [...new Set(typesOf(node, context))].filter((word) => word !== "`null`");
  return either(words.length > 0 ? words : ["anything"]);
}

function typesOf(node: SchemaNode, context: TypeContext): readonly string[] {
  if ("const" in node) return [code(printJson(node["const"]))];
  if (Array.isArray(node["enum"])) return node["enum"].map((value: unknown) => code(printJson(value)));
  if (isNothing(node)) return ["nothing"];
  const options = nodesOf(node["anyOf"]).filter(
    ({ pattern, type }) => pattern === undefined || type !== undefined,
  );
  if (options.length > 0)
    return options.flatMap((option) => context.link(option) ?? typesOf(option, context));
  return [node["type"]].flat().flatMap((type) => typeOf(type, node, context));
}

function isNothing(node: SchemaNode): boolean {
  const { not } = node;
  return typeof not === "object" && not !== null && Object.keys(not).length === 0;
}

function typeOf(type: unknown, node: SchemaNode, context: TypeContext): readonly string[] {
  switch (type) {
    case "string":
      return [node["format"] === "duration" ? "ISO 8601 duration" : "text"];
    case "boolean":
      return ["boolean"];
    case "integer":
      return [`whole number${boundsOf(node)}`];
    case "number":
      return [`number${boundsOf(node)}`];
    case "null":
      return ["`null`"];
    case "array":
      return [listOf(node["items"], context)];
    case "object":
      return [objectOf(node["additionalProperties"], context)];
    default:
      return [];
  }
}

function boundsOf({ minimum, maximum, exclusiveMinimum }: SchemaNode): string {
  if (typeof exclusiveMinimum === "number") return ` above ${exclusiveMinimum}`;
  if (typeof minimum !== "number") return "";
  return typeof maximum === "number" ? ` from ${minimum} to ${maximum}` : ` from ${minimum}`;
}

function listOf(items: unknown, context: TypeContext): string {
  if (Array.isArray(items))
    return `[${nodesOf(items)
      .map((item) => printType(item, context))
      .join(", ")}]`;
  return `list of ${printInner((items ?? {}) as SchemaNode, context)}`;
}

/** Prints the type of elements or values. Encloses several choices in parentheses. */
function printInner(node: SchemaNode, context: TypeContext): string {
  const type = printType(node, context);
  return type.includes(" or ") ? `(${type})` : type;
}

function objectOf(values: unknown, context: TypeContext): string {
  const isOpen = typeof values !== "object" || values === null || Object.keys(values).length === 0;
  return isOpen ? "object" : `object of ${printInner(values as SchemaNode, context)}`;
}
