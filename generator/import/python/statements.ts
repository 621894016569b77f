import type { SyntaxNode } from "@lezer/common";
import { assignTargetList, assignTo, deleteItem, executeUpdate, setName } from "./assign.js";
import { decorate, evaluateDecorator } from "./calls.js";
import { createClass, setterOf } from "./classes.js";
import { evaluateList } from "./elements.js";
import { type Completion, decide, type Evaluator, lookUp, normal, slice } from "./evaluator.js";
import { createFunction } from "./functions.js";
import type { Frame } from "./heap.js";
import { importNames } from "./imports.js";
import { executeBranches, executeMatch, executeTry } from "./branches.js";
import { itemsOf, settleItems } from "./iterate.js";
import { assignmentOf, childOf, childrenOf, parametersOf, statementsOf, walk } from "./nodes.js";
import { isUncertainItem, type PyValue, unknown } from "./values.js";

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
      return {
        kind: "return",
        value: evaluateList(evaluator, childrenOf(statement).slice(1), { node: statement, frame }),
      };
    case "RaiseStatement":
      return { kind: "raise", error: /^raise\s+([\w.]+)/.exec(slice(evaluator, statement))?.[1] };
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
  const value = evaluateList(evaluator, values, { node: statement, frame });
  if (value.kind === "list") evaluator.heap.stamp(value);
  for (const target of targets) assignTargetList(evaluator, target, { value, frame });
  if (annotation && values.length === 1) evaluator.observer.onAnnotated(statement, value);
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
  else define(evaluator, definition, { frame, decorators, wrappers: statement.getChildren("Decorator") });
  for (const decorator of statement.getChildren("Decorator"))
    applyDecorator(evaluator, decorator, { definition, frame });
}

/** Reports a decorator such as `@source.orders.add_map`, which passes the decorated function to the method. */
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
  { frame, decorators, wrappers = [] }: Definition,
): void {
  const named = childOf(definition, "VariableName");
  if (!named) return;
  const name = slice(evaluator, named);
  let value: PyValue =
    definition.name === "ClassDefinition"
      ? createClass(evaluator, definition, { frame, decorators })
      : createFunction(evaluator, definition, { frame, decorators });
  // A property keeps its getter.
  const [setter] = decorators.flatMap((one) => (one.kind === "call" ? [one.callee] : []));
  if (frame.what === "class" && setter === `${name}.deleter`) return;
  const key = frame.what === "class" && setter === setterOf(name) ? setter : name;
  for (const wrapper of [...wrappers].reverse()) {
    const wrapped = decorate(evaluator, wrapper, { value, frame });
    if (wrapped) value = wrapped.kind === "function" ? { ...wrapped, decorators } : wrapped;
  }
  setName(evaluator, frame, { name: key, key: named, value });
}

/** The definition of a function or a class, and its decorators: evaluated, and as written. */
interface Definition {
  readonly frame: Frame;
  readonly decorators: readonly PyValue[];
  readonly wrappers?: readonly SyntaxNode[];
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
    const isItem = childrenOf(target).length === 4;
    const holder = evaluator.evaluate(object, frame);
    deleteItem(evaluator, holder, isItem ? evaluator.evaluate(key, frame) : undefined);
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

function executeFor(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): Completion {
  const children = childrenOf(statement);
  const start = children.findIndex((child) => child.name === "for") + 1;
  const end = children.findIndex((child) => child.name === "in");
  const targets = children.slice(start, end);
  const bodies = children.filter((child) => child.name === "Body");
  const sources = children.slice(
    end + 1,
    children.findIndex((child) => child.name === "Body"),
  );
  const value = evaluateList(evaluator, sources, { node: statement, frame });
  const items = itemsOf(settleItems(evaluator, value));
  const body = statementsOf(bodies[0]);
  const run = (item: PyValue): Completion => {
    assignTargetList(evaluator, targets, { value: item, frame });
    return executeBlock(evaluator, body, frame);
  };
  const variable = unknown("loop variable", targets[0] ?? statement, {
    name: targets[0] ? slice(evaluator, targets[0]) : "",
  });
  if (!items || items.length > maxItems) return executeUncertain(evaluator, () => run(variable));
  for (const item of items) {
    if (!evaluator.spend(1)) return normal;
    const certain = item.kind === "choice" && item.then && !item.otherwise ? item.then : item;
    const completion = isUncertainItem(item) ? executeUncertain(evaluator, () => run(certain)) : run(item);
    if (completion.kind === "break") return normal;
    if (completion.kind === "return" || completion.kind === "raise") return completion;
  }
  const isElse = children.some((child) => child.name === "else");
  return isElse ? executeBlock(evaluator, statementsOf(bodies[1]), frame) : normal;
}

function contains(loop: SyntaxNode, name: string): boolean {
  let isFound = false;
  walk(loop, (node) => {
    isFound ||= node.name === name;
    return !isFound;
  });
  return isFound;
}

/** Executes a block that may run any number of times. The values that it changes become unknown. */
function executeUncertain(evaluator: Evaluator, run: () => Completion): Completion {
  const attempt = evaluator.heap.attempt(run);
  evaluator.heap.blur(attempt);
  return attempt.result.kind === "return" ? { kind: "return", value: undefined } : normal;
}

/** Maximum number of repetitions of a `while` loop. */
const maxRepetitions = 200;
/** Maximum number of items of a list over which a loop is unrolled. */
const maxItems = 1000;

function executeWhile(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): Completion {
  const test = childrenOf(statement)[1];
  const bodies = statement.getChildren("Body");
  const body = statementsOf(bodies[0]);
  if (!test) return normal;
  const isEndless = test.name === "Boolean";
  for (let count = 0; evaluator.spend(1); count += 1) {
    const decided = decide(evaluator, test, frame);
    if (decided === false) return executeBlock(evaluator, statementsOf(bodies[1]), frame);
    if (decided !== true || count >= maxRepetitions) return repeat();
    const { forks } = evaluator;
    const completion = executeBlock(evaluator, body, frame);
    if (completion.kind === "break") return normal;
    if (completion.kind === "return" || completion.kind === "raise") return completion;
    // The end of `while True` is unknown if it depends on an unknown condition.
    if (isEndless && evaluator.forks > forks) return repeat();
  }
  return normal;

  function repeat(): Completion {
    const completion = executeUncertain(evaluator, () => executeBlock(evaluator, body, frame));
    const isLeft =
      !isEndless || contains(statement, "BreakStatement") || !contains(statement, "ReturnStatement");
    return isLeft ? completion : { kind: "return", value: undefined };
  }
}
