import type { SyntaxNode } from "@lezer/common";
import { choose } from "./choices.js";
import { type Completion, decide, type Evaluator, normal, slice } from "./evaluator.js";
import type { Attempt, Frame } from "./heap.js";
import { childOf, childrenOf, statementsOf } from "./nodes.js";
import { setName } from "./assign.js";
import { type Condition, constant, isSame, type PyValue } from "./values.js";

/** The frame of a branching statement and the rest of its block. */
interface Place {
  readonly frame: Frame;
  /** Executes the rest of the block. */
  readonly rest: () => Completion;
}

/** A completion after which the rest of the block has been executed, too. */
type BranchCompletion = Completion & { readonly isRestDone?: boolean };

/** A branch: its condition, and its statements. A branch without a condition always matches. */
interface Branch {
  readonly decide: () => boolean | Condition;
  readonly run: () => Completion;
}

/** Executes an `if` statement. */
export function executeBranches(evaluator: Evaluator, statement: SyntaxNode, place: Place): BranchCompletion {
  const children = childrenOf(statement);
  const branches: Branch[] = [];
  children.forEach((child, index) => {
    if (child.name !== "Body") return;
    const test = children[index - 1];
    const isElse = test?.name === "else";
    branches.push({
      decide: () => isElse || !test || decide(evaluator, test, place.frame),
      run: () => evaluator.execute(statementsOf(child), place.frame),
    });
  });
  return choosePath(evaluator, branches, place);
}

/** Executes a `match` statement. Patterns other than literals and names are unknown conditions. */
export function executeMatch(evaluator: Evaluator, statement: SyntaxNode, place: Place): BranchCompletion {
  const subject = childrenOf(statement)[1];
  const body = childOf(statement, "MatchBody");
  if (!subject || !body) return normal;
  const value = evaluator.evaluate(subject, place.frame);
  const branches = childrenOf(body)
    .filter((child) => child.name === "MatchClause")
    .map((clause): Branch => {
      const [, pattern] = childrenOf(clause);
      const guard = childOf(clause, "Guard");
      const guardTest = guard && childrenOf(guard)[1];
      return {
        decide: () => {
          const matched = pattern ? matches(evaluator, pattern, { value, frame: place.frame }) : undefined;
          if (matched === undefined) return { test: pattern ?? clause, given: [], missing: [] };
          return matched && guardTest ? decide(evaluator, guardTest, place.frame) : matched;
        },
        run: () => evaluator.execute(statementsOf(childOf(clause, "Body")), place.frame),
      };
    });
  return choosePath(evaluator, branches, place);
}

function matches(
  evaluator: Evaluator,
  pattern: SyntaxNode,
  { value, frame }: { readonly value: PyValue; readonly frame: Frame },
): boolean | undefined {
  switch (pattern.name) {
    case "LiteralPattern": {
      const literal = pattern.firstChild && evaluator.evaluate(pattern.firstChild, frame);
      return value.kind === "constant" && literal ? isSame(value, literal) : undefined;
    }
    case "OrPattern": {
      const parts = childrenOf(pattern)
        .filter((part) => part.name !== "LogicOp")
        .map((part) => matches(evaluator, part, { value, frame }));
      return parts.includes(true) ? true : parts.includes(undefined) ? undefined : false;
    }
    case "CapturePattern": {
      const name = slice(evaluator, pattern);
      if (name !== "_") setName(evaluator, frame, { name, key: pattern, value });
      return true;
    }
    default:
      return undefined;
  }
}

/** Executes the first branch that matches. If that is unknown, executes all that may match and merges the results. */
function choosePath(evaluator: Evaluator, branches: readonly Branch[], place: Place): BranchCompletion {
  const [branch, ...others] = branches;
  if (!branch) return normal;
  const decided = branch.decide();
  if (decided === true) return branch.run();
  if (decided === false) return choosePath(evaluator, others, place);
  return fork(evaluator, decided, {
    then: branch.run,
    otherwise: () => choosePath(evaluator, others, { ...place, rest: () => normal }),
    rest: place.rest,
  });
}

interface Fork {
  readonly then: () => Completion;
  readonly otherwise: () => Completion;
  readonly rest: () => Completion;
}

function fork(evaluator: Evaluator, condition: Condition, { then, otherwise, rest }: Fork): BranchCompletion {
  const { heap } = evaluator;
  evaluator.forks += 1;
  let a = heap.attempt(then);
  let b = heap.attempt(otherwise);
  const raised = takeOther(evaluator, a, b);
  if (raised) return raised;
  if (a.result.kind === "normal" && b.result.kind === "normal") {
    heap.merge(condition, a, b);
    return normal;
  }
  const whole = (run: () => Completion) => (): Completion => {
    const completion = run();
    return completion.kind === "normal" ? rest() : completion;
  };
  if (a.result.kind === "normal") a = heap.attempt(whole(then));
  if (b.result.kind === "normal") b = heap.attempt(whole(otherwise));
  const other = takeOther(evaluator, a, b);
  if (other) return { ...other, isRestDone: true };
  heap.merge(condition, a, b);
  return { ...join(condition, a, b), isRestDone: true };
}

/** If one of two branches raises an error, takes the other one, because only a run through that one succeeds. */
function takeOther(
  { heap }: Evaluator,
  a: Attempt<Completion>,
  b: Attempt<Completion>,
): Completion | undefined {
  if (a.result.kind !== "raise" && b.result.kind !== "raise") return undefined;
  const taken = a.result.kind === "raise" ? b : a;
  heap.apply(taken);
  return taken.result;
}

function join(condition: Condition, a: Attempt<Completion>, b: Attempt<Completion>): Completion {
  const then = a.result;
  const otherwise = b.result;
  if (then.kind !== "return" && otherwise.kind !== "return") return normal;
  const none = constant(null, condition.test);
  const first = then.kind === "return" ? then.value : none;
  const second = otherwise.kind === "return" ? otherwise.value : none;
  return { kind: "return", value: first && second && choose(condition, first, second) };
}

/** Executes a `try` statement. Its body usually succeeds; a handler matters only if it makes other changes. */
export function executeTry(evaluator: Evaluator, statement: SyntaxNode, frame: Frame): Completion {
  const { heap } = evaluator;
  const bodies = blocksAfter(statement);
  const run = (word: string): Completion => evaluator.execute(statementsOf(bodies.get(word)), frame);
  const body = heap.attempt(() => run("try"));
  const handling =
    body.result.kind === "raise" ? handlerFor(evaluator, statement, body.result.error) : undefined;
  const handler = heap.attempt(() =>
    handling ? evaluator.execute(statementsOf(handling), frame) : run("except"),
  );
  const isImport = statementsOf(bodies.get("try")).every((one) => one.name === "ImportStatement");
  let completion: Completion = body.result;
  if (body.result.kind === "raise") {
    heap.apply(handler);
    completion = handler.result;
  } else if (handler.result.kind === "raise" || handler.changes.size === 0 || isImport) heap.apply(body);
  else heap.merge(tryCondition(statement), body, handler);
  if (handler.result.kind === "return" && body.result.kind === "return")
    completion = join(tryCondition(statement), body, handler);
  if (completion.kind === "normal") completion = run("else");
  const last = run("finally");
  return last.kind === "normal" ? completion : last;
}

/** Finds the handler of an error by name. The handler of a base class matters only if it handles all errors. */
function handlerFor(
  evaluator: Evaluator,
  statement: SyntaxNode,
  error: string | undefined,
): SyntaxNode | undefined {
  let names = "";
  let isHandler = false;
  for (const child of childrenOf(statement)) {
    if (child.name === "except") {
      isHandler = true;
      names = "";
    } else if (child.name !== "Body") names += ` ${slice(evaluator, child)}`;
    else if (isHandler) {
      const words: readonly string[] = names.match(/\w+/g) ?? [];
      const isAny = words.length === 0 || words.includes("Exception") || words.includes("BaseException");
      if (isAny || (error !== undefined && words.includes(error))) return child;
    }
  }
  return undefined;
}

function tryCondition(statement: SyntaxNode): Condition {
  return { test: { from: statement.from, to: statement.from + "try".length }, given: [], missing: [] };
}

/** Returns the blocks of a statement by the keyword before them; if there are several handlers, only the first one. */
function blocksAfter(statement: SyntaxNode): ReadonlyMap<string, SyntaxNode> {
  const blocks = new Map<string, SyntaxNode>();
  let word = "";
  for (const child of childrenOf(statement)) {
    if (/^(?:try|except|else|finally)$/.test(child.name)) word = child.name;
    else if (child.name === "Body" && !blocks.has(word)) blocks.set(word, child);
  }
  return blocks;
}
