import type { SyntaxNode } from "@lezer/common";
import { copyValue } from "./copy-value.js";
import type { Evaluator } from "./evaluator.js";
import { type Arguments, callFunction, callWithParameters, decoratorNames } from "./functions.js";
import { createFrame, type Frame } from "./heap.js";
import { argumentsOf, assignmentOf, childOf, type Span, statementsOf } from "./nodes.js";
import {
  isTextConstant,
  type PyCall,
  type PyClass,
  type PyEntry,
  type PyObject,
  type PyValue,
} from "./values.js";

/** Creates a class from its definition. */
export function createClass(
  evaluator: Evaluator,
  definition: SyntaxNode,
  { frame, decorators }: { readonly frame: Frame; readonly decorators: readonly PyValue[] },
): PyClass {
  const named = childOf(definition, "VariableName") ?? definition;
  const list = childOf(definition, "ArgList");
  const bases = list
    ? argumentsOf(list, evaluator.text)
        .filter(({ name, star }) => name === undefined && star === undefined)
        .map(({ value }) => evaluator.evaluate(value, frame))
    : [];
  const body = createFrame("class", frame);
  evaluator.heap.stamp(body);
  evaluator.execute(statementsOf(childOf(definition, "Body")), body);
  const created: PyClass = {
    kind: "class",
    name: evaluator.text.slice(named.from, named.to),
    bases,
    decorators,
    entries: nameReferences(body.entries),
    fields: fieldsOf(definition, evaluator.text),
    origin: named,
  };
  evaluator.heap.stamp(created);
  for (const { value } of created.entries.values())
    if (value.kind === "function") evaluator.owners.set(value.node.from, created);
  initSubclass(evaluator, created, { list, frame });
  return created;
}

/** Calls the nearest `__init_subclass__` of the bases, with the named arguments of the class. */
function initSubclass(
  evaluator: Evaluator,
  created: PyClass,
  { list, frame }: { readonly list: SyntaxNode | null | undefined; readonly frame: Frame },
): void {
  const [hook] = created.bases.flatMap((base) =>
    base.kind === "class" ? (classAttribute(base, "__init_subclass__") ?? []) : [],
  );
  if (hook?.kind !== "function" || !list) return;
  const keywords = argumentsOf(list, evaluator.text).flatMap(({ name, value }) =>
    name === undefined || name === "metaclass" ? [] : [[name, evaluator.evaluate(value, frame)] as const],
  );
  const call = { positional: [], keywords: new Map(keywords), origin: list };
  // It is a class method without a decorator.
  callFunction(evaluator, { ...hook, self: created }, call);
}

/** Returns the name under which a class stores the setter of a property. */
export function setterOf(property: string): string {
  return `${property}.setter`;
}

/** Lists the annotated names of a class body, which are the fields of a dataclass. */
function fieldsOf(definition: SyntaxNode, text: string): readonly string[] {
  return statementsOf(childOf(definition, "Body")).flatMap((statement) => {
    const { annotation, targets } =
      statement.name === "AssignStatement" ? assignmentOf(statement) : { annotation: undefined, targets: [] };
    const target = targets[0]?.[0];
    return annotation && target ? [text.slice(target.from, target.to)] : [];
  });
}

/** Uses the name of the attribute as the key of `token = dlt.secrets.value`. */
function nameReferences(entries: ReadonlyMap<string, PyEntry>): ReadonlyMap<string, PyEntry> {
  return new Map(
    [...entries].map(([name, entry]) => {
      const { value } = entry;
      const isBare = value.kind === "reference" && value.key === "";
      return [name, isBare ? { ...entry, value: { ...value, key: name } } : entry];
    }),
  );
}

/** Returns the classes of the source from which a class inherits, itself first. */
export function ancestorsOf(own: PyClass): readonly PyClass[] {
  return [own, ...own.bases.flatMap((base) => (base.kind === "class" ? ancestorsOf(base) : []))].slice(0, 50);
}

/** Returns the names of the bases that are not in the source. */
export function foreignBases(own: PyClass): readonly string[] {
  return ancestorsOf(own).flatMap(({ bases }) =>
    bases.flatMap((base) => (base.kind === "unknown" && base.name !== undefined ? [base.name] : [])),
  );
}

const noArguments: Arguments = { positional: [], keywords: new Map() };

function callOf(own: PyClass, { positional, keywords }: Arguments): PyCall {
  return { kind: "call", callee: own.name, positional, keywords, origin: own.origin };
}

function isEnum(own: PyClass): boolean {
  return foreignBases(own).some((name) => /(?:^|\.)\w*Enum$/.test(name));
}

/** Returns the members of an enum. Returns `undefined` for other classes. */
export function enumMembers(own: PyClass): readonly PyValue[] | undefined {
  if (!isEnum(own)) return undefined;
  return [...own.entries].flatMap(([name, entry]) =>
    entry.value.kind === "function" || name.startsWith("_") ? [] : [memberOf(own, name, entry)],
  );
}

function memberOf(own: PyClass, name: string, { key, value }: PyEntry): PyObject {
  const entries = new Map<string, PyEntry>([
    ["value", { key, value }],
    ["name", { key, value: { kind: "constant", value: name, origin: key } }],
  ]);
  return { kind: "object", of: own, call: callOf(own, noArguments), entries, origin: key };
}

/** Whether an object is a member of an enum that is neither text nor a number. */
export function isMember(value: PyObject): boolean {
  return isEnum(value.of) && plainMember(value) === undefined;
}

/** Returns the text or number of an enum member that is one itself, such as a member of `StrEnum`. */
export function plainMember(value: PyValue): PyValue | undefined {
  if (value.kind !== "object" || !isEnum(value.of)) return undefined;
  const isPlain = foreignBases(value.of).some((name) => /(?:^|\.)(?:str|int|StrEnum|IntEnum)$/.test(name));
  return isPlain ? value.entries.get("value")?.value : undefined;
}

/** Reads an attribute of a class. */
export function classAttribute(own: PyClass, name: string): PyValue | undefined {
  for (const ancestor of ancestorsOf(own)) {
    const entry = ancestor.entries.get(name);
    if (!entry) continue;
    if (entry.value.kind === "function")
      return isDecorated(entry.value, "classmethod") ? { ...entry.value, self: own } : entry.value;
    return isEnum(ancestor) ? memberOf(ancestor, name, entry) : entry.value;
  }
  return undefined;
}

/** Reads an attribute of an object. Calls properties. */
export function objectAttribute(
  evaluator: Evaluator,
  object: PyObject,
  { name, origin }: { readonly name: string; readonly origin: Span },
): PyValue | undefined {
  const own = object.entries.get(name)?.value;
  if (own) return own;
  const value = classAttribute(object.of, name);
  if (value?.kind !== "function") return value;
  if (isDecorated(value, "staticmethod") || value.self) return value;
  const method = { ...value, self: object };
  const isProperty = decoratorNames(value).some((decorator) =>
    /(?:^|\.)(?:cached_)?property$/.test(decorator),
  );
  return isProperty
    ? callFunction(evaluator, method, { positional: [], keywords: new Map(), origin })
    : method;
}

function isDecorated(fn: PyValue & { readonly kind: "function" }, name: string): boolean {
  return decoratorNames(fn).includes(name);
}

/** Creates an instance: calls `__init__`, or sets the fields of a dataclass or a named tuple. */
export function createObject(
  evaluator: Evaluator,
  own: PyClass,
  call: Arguments & { readonly origin: Span },
): PyValue | undefined {
  const [value] = call.positional;
  if (isEnum(own))
    return enumMembers(own)?.find((member) => {
      const plain = member.kind === "object" ? member.entries.get("value")?.value : undefined;
      return isTextConstant(plain) && isTextConstant(value) && plain.value === value.value;
    });
  const object = emptyObject(evaluator, own, call);
  const init = classAttribute(own, "__init__");
  if (init?.kind === "function") callFunction(evaluator, { ...init, self: object }, call);
  else setFields(evaluator, object, call);
  return object;
}

/** Creates an instance with external values for the parameters of `__init__`. */
export function createExternalObject(evaluator: Evaluator, own: PyClass): PyObject {
  const object = emptyObject(evaluator, own, { ...noArguments, origin: own.origin });
  const init = classAttribute(own, "__init__");
  if (init?.kind === "function") callWithParameters(evaluator, init, object);
  return object;
}

/** Creates an instance without attributes. */
function emptyObject(
  { heap }: Evaluator,
  own: PyClass,
  call: Arguments & { readonly origin: Span },
): PyObject {
  const { origin } = call;
  const object: PyObject = { kind: "object", of: own, call: callOf(own, call), entries: new Map(), origin };
  heap.stamp(object);
  return object;
}

/** Lists the fields of a class and of its ancestors, the inherited ones first. */
export function fieldNamesOf(own: PyClass): readonly string[] {
  return [...ancestorsOf(own)].reverse().flatMap(({ fields }) => fields);
}

function setFields(
  evaluator: Evaluator,
  object: PyObject,
  { positional, keywords, origin }: Arguments & { readonly origin: Span },
): void {
  const fields = fieldNamesOf(object.of);
  // A list or a dict as a default comes from a factory, which each instance calls.
  for (const name of fields) {
    const value = classAttribute(object.of, name);
    if (value?.kind === "list" || value?.kind === "dict")
      evaluator.heap.setEntry(object, name, {
        key: value.origin,
        value: copyValue(evaluator, value, "deep"),
      });
  }
  positional.forEach((value, index) => {
    const name = fields[index];
    if (name !== undefined) evaluator.heap.setEntry(object, name, { key: value.origin, value });
  });
  for (const [name, value] of keywords) evaluator.heap.setEntry(object, name, { key: value.origin, value });
  const after = classAttribute(object.of, "__post_init__");
  if (after?.kind === "function")
    callFunction(evaluator, { ...after, self: object }, { ...noArguments, origin });
}
