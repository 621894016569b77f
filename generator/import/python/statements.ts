import type { SyntaxNode } from "@lezer/common";
import { assignTargetList, assignTo, executeUpdate, setName } from "./assign.js";
import { evaluateDecorator } from "./calls.js";
import { createClass } from "./classes.js";
import { assignTargets } from "./comprehensions.js";
import { type Completion, decide, type Evaluator, lookUp, normal, slice } from "./evaluator.js";
import { createFunction } from "./functions.js";
import type { Frame } from "./heap.js";
import { importNames } from "./imports.js";
import { executeBranches, executeMatch, executeTry } from "./branches.js";
import { itemsOf, settleItems } from "./iterate.js";
import { assignmentOf, childOf, childrenOf, elementsOf, parametersOf, statementsOf } from "./nodes.js";
import { constant, isUncertainItem, listValue, type PyValue, unknown } from "./values.js";

/** Executes the statements of a block in order. */
export function executeBlock(
  evaluator: Evaluator,
  statements: readonly SyntaxNode[],
  frame: Frame,
): Completion {
  for (const [index, statement] of statements.entries()) {
    if (!evaluator.spend(1)) return normal;
    evaluator.heap.at = statement;
    // If one branch leaves the block, the rest of the block belongs to the other one.
    const rest = (): Completion => executeBlock(evaluator, statements.slice(index + 1), frame);
    const completion =
      statement.name === "IfStatement"
        ? executeBranches(evaluator, statement, { frame, rest })
        : statement.name === "MatchStatement"
          ? executeMatch(evaluator, statement, { frame, rest })
          : execute(evaluator, statement, frame);
    if (completion.kind !== "normal" || ("isRestDone" in completion && completion.isRestDone))
      return completion;
  }
  return normal;
}

function execute(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): Completion {
  switch (statement.name) {
    case "ReturnStatement":
      return { kind: "return", value: readValues(evaluator, statement, frame) };
    case "RaiseStatement":
      return { kind: "raise" };
    case "BreakStatement":
      return { kind: "break" };
    case "ContinueStatement":
      return { kind: "continue" };
    case "ForStatement":
      return executeFor(evaluator, statement, frame);
    case "WhileStatement":
      return executeWhile(evaluator, statement, frame);
    case "TryStatement":
      return executeTry(evaluator, statement, frame);
    case "WithStatement":
      return executeWith(evaluator, statement, frame);
    case "StatementGroup":
      return executeBlock(evaluator, statementsOf(statement), frame);
    default:
      executeSimple(evaluator, statement, frame);
      return normal;
  }
}

function executeSimple(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): void {
  switch (statement.name) {
    case "AssignStatement":
      executeAssignment(evaluator, statement, frame);
      return;
    case "UpdateStatement":
      executeUpdate(evaluator, statement, frame);
      return;
    case "ExpressionStatement":
      if (statement.firstChild) evaluator.evaluate(statement.firstChild, frame);
      return;
    case "YieldStatement":
      evaluator.evaluate(statement, frame);
      return;
    case "ImportStatement":
      importNames(evaluator, statement, frame);
      return;
    case "FunctionDefinition":
    case "ClassDefinition":
      define(evaluator, statement, { frame, decorators: [] });
      return;
    case "DecoratedStatement":
      executeDecorated(evaluator, statement, frame);
      return;
    case "ScopeStatement":
      shareNames(evaluator, statement, frame);
      return;
    case "DeleteStatement":
      executeDelete(evaluator, statement, frame);
  }
}

function executeAssignment(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): void {
  const { targets, values, annotation } = assignmentOf(statement);
  if (values.length === 0) return;
  const read = values.filter((node) => node.name !== "*").map((node) => evaluator.evaluate(node, frame));
  const [first] = read;
  if (!first) return;
  const value = read.length === 1 ? first : listValue(read, statement);
  for (const target of targets) assignTargetList(evaluator, target, { value, frame });
  if (annotation && value === first) evaluator.observer.onAnnotated(statement, value);
}

function executeDecorated(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): void {
  const decorators = statement
    .getChildren("Decorator")
    .map((decorator) => evaluateDecorator(evaluator, decorator, frame));
  const definition = childOf(statement, "FunctionDefinition") ?? childOf(statement, "ClassDefinition");
  if (!definition) return;
  // A cell of marimo shares its names with all other cells.
  const isCell = decorators.some(
    (one) => one.kind === "call" && /(?:^|\.)\w+\.(?:cell|function)$/.test(one.callee),
  );
  if (isCell && definition.name === "FunctionDefinition" && isMarimo(frame)) evaluator.cells.push(definition);
  else define(evaluator, definition, { frame, decorators });
  for (const decorator of statement.getChildren("Decorator"))
    applyDecorator(evaluator, decorator, { definition, frame });
}

/** Reports `@source.orders.add_map` before a function, which passes the function to the method. */
function applyDecorator(
  evaluator: Evaluator,
  decorator: SyntaxNode,
  { definition, frame }: { readonly definition: SyntaxNode; readonly frame: Frame },
): void {
  const [first, ...rest] = childrenOf(decorator).filter((part) => part.name === "VariableName");
  const base = first && lookUp(frame, slice(evaluator, first));
  const method = rest.at(-1);
  const named = childOf(definition, "VariableName");
  const fn = named && lookUp(frame, slice(evaluator, named));
  if (base?.kind !== "handle" || !method || !fn) return;
  const origin = { from: decorator.from, to: method.to };
  const names = rest.slice(0, -1).map((part) => slice(evaluator, part));
  const resource = base.resource ?? names.find((name) => name !== "resources");
  evaluator.observer.onChange(
    { ...base, ...(resource !== undefined && { resource }) },
    {
      kind: "call",
      callee: slice(evaluator, method),
      positional: [{ ...fn, origin }],
      keywords: new Map(),
      origin,
    },
  );
}

/** Executes the cells of a marimo file, each one after the cells that define its parameters. */
export function executeCells(evaluator: Evaluator): void {
  const { cells, module } = evaluator;
  while (cells.length > 0) {
    const ready = cells.findIndex((cell) => {
      const list = childOf(cell, "ParamList");
      const names = list ? parametersOf(list, evaluator.text).map(({ name }) => name) : [];
      return names.every((name) => lookUp(module, name) !== undefined);
    });
    const [cell] = cells.splice(Math.max(0, ready), 1);
    executeBlock(evaluator, statementsOf(cell && childOf(cell, "Body")), module);
  }
}

function isMarimo(frame: Frame): boolean {
  const module = lookUp(frame, "marimo") ?? lookUp(frame, "mo");
  return module?.kind === "unknown" && module.name === "marimo";
}

function define(
  evaluator: Evaluator,
  definition: SyntaxNode,
  { frame, decorators }: { readonly frame: Frame; readonly decorators: readonly PyValue[] },
): void {
  const named = childOf(definition, "VariableName");
  if (!named) return;
  const value =
    definition.name === "ClassDefinition"
      ? createClass(evaluator, definition, { frame, decorators })
      : createFunction(evaluator, definition, { frame, decorators });
  setName(evaluator, frame, { name: slice(evaluator, named), key: named, value });
}

function shareNames(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): void {
  const [word, ...names] = childrenOf(statement);
  for (const node of names) {
    if (node.name !== "VariableName") continue;
    const name = slice(evaluator, node);
    let owner: Frame | undefined = word?.name === "global" ? evaluator.module : frame.outer;
    while (owner && word?.name !== "global" && !owner.entries.has(name)) owner = owner.outer;
    if (owner) frame.shared.set(name, owner);
  }
}

function executeDelete(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): void {
  for (const target of childrenOf(statement).slice(1)) {
    if (target.name === "VariableName") evaluator.heap.removeEntry(frame, slice(evaluator, target));
    const [object, open, key] = childrenOf(target);
    if (target.name !== "MemberExpression" || open?.name !== "[" || !object || !key) continue;
    const holder = evaluator.evaluate(object, frame);
    const name = evaluator.evaluate(key, frame);
    if (holder.kind === "dict" && name.kind === "constant")
      evaluator.heap.removeEntry(holder, String(name.value));
  }
}

function executeWith(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): Completion {
  const children = childrenOf(statement);
  let context: readonly PyValue[] = [];
  children.forEach((child, index) => {
    const before = children[index - 1]?.name;
    if (before === "as") {
      const value = unknown("name", child, { name: slice(evaluator, child), of: context });
      assignTo(evaluator, child, { value, frame });
    } else if (before === "with" || before === ",") context = [evaluator.evaluate(child, frame)];
  });
  return executeBlock(evaluator, statementsOf(childOf(statement, "Body")), frame);
}

function readValues(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): PyValue {
  const nodes = childrenOf(statement).slice(1);
  const [first] = nodes;
  if (!first) return constant(null, statement);
  if (nodes.length === 1) return evaluator.evaluate(first, frame);
  const items = elementsOf(statement).map(({ value }) => evaluator.evaluate(value, frame));
  return listValue(items, statement);
}

function executeFor(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): Completion {
  const children = childrenOf(statement).filter((child) => child.name !== ",");
  const start = children.findIndex((child) => child.name === "for") + 1;
  const end = children.findIndex((child) => child.name === "in");
  const targets = children.slice(start, end);
  const bodies = children.filter((child) => child.name === "Body");
  const sources = children.slice(
    end + 1,
    children.findIndex((child) => child.name === "Body"),
  );
  const values = sources.map((source) => evaluator.evaluate(source, frame));
  const [only] = values;
  const items = values.length === 1 && only ? itemsOf(settleItems(evaluator, only)) : values;
  const body = statementsOf(bodies[0]);
  const run = (value: PyValue): Completion => {
    assignTargets(evaluator, targets, { value, frame });
    return executeBlock(evaluator, body, frame);
  };
  const variable = unknown("loop variable", targets[0] ?? statement, {
    name: targets[0] ? slice(evaluator, targets[0]) : "",
  });
  if (!items || items.length > maxItems) return executeUncertain(evaluator, () => run(variable));
  for (const item of items) {
    if (!evaluator.spend(1)) return normal;
    const value = item.kind === "choice" && item.then && !item.otherwise ? item.then : item;
    const completion = isUncertainItem(item) ? executeUncertain(evaluator, () => run(value)) : run(item);
    if (completion.kind === "break") return normal;
    if (completion.kind === "return" || completion.kind === "raise") return completion;
  }
  const isElse = children.some((child) => child.name === "else");
  return isElse ? executeBlock(evaluator, statementsOf(bodies[1]), frame) : normal;
}

/** Executes a block that may run any number of times: what it changes is unknown. */
function executeUncertain(evaluator: Evaluator, run: () => Completion): Completion {
  const attempt = evaluator.heap.attempt(run);
  evaluator.heap.blur(attempt);
  return attempt.result.kind === "return" ? { kind: "return", value: undefined } : normal;
}

/** Most repetitions of a `while` loop. */
const maxRepetitions = 200;
/** Most items of a list over which a loop is unrolled. */
const maxItems = 1000;

function executeWhile(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): Completion {
  const test = childrenOf(statement)[1];
  const body = statementsOf(childOf(statement, "Body"));
  if (!test) return normal;
  // The end of `while True` is usually unknown.
  const most = test.name === "Boolean" ? 1 : maxRepetitions;
  for (let count = 0; evaluator.spend(1); count += 1) {
    const decided = decide(evaluator, test, frame);
    if (decided === false) return normal;
    if (decided !== true || count >= most)
      return executeUncertain(evaluator, () => executeBlock(evaluator, body, frame));
    const completion = executeBlock(evaluator, body, frame);
    if (completion.kind === "break") return normal;
    if (completion.kind === "return" || completion.kind === "raise") return completion;
  }
  return normal;
}
