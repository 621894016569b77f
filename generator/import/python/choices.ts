import {
  type Condition,
  isNone,
  isSame,
  isUncertainItem,
  type PyChoice,
  type PyReference,
  type PyValue,
  unknown,
} from "./values.js";

/** Whether a value is true in a condition; `undefined` if that is unknown. */
export function isTruthy(value: PyValue): boolean | undefined {
  switch (value.kind) {
    case "constant":
      return Boolean(value.value);
    case "list":
      if (value.items.length === 0) return false;
      return value.items.every(isUncertainItem) ? undefined : true;
    case "dict":
      return value.entries.size > 0 ? true : value.rest.length > 0 ? undefined : false;
    case "text":
      return value.parts.some((part) => typeof part === "string" && part !== "") ? true : undefined;
    case "function":
    case "class":
    case "object":
    case "handle":
      return true;
    case "call":
      // An object of a class, such as a paginator.
      return /(?:^|\.)[A-Z]\w*[a-z]\w*$/.test(value.callee) || undefined;
    default:
      return undefined;
  }
}

/** Returns the condition on which a branch depends. */
export function conditionOf(value: PyValue, test: PyValue["origin"]): Condition {
  if (value.kind === "unknown" && value.condition) return { ...value.condition, test };
  if (value.kind === "reference") return { test, given: [value], missing: [] };
  // `a and b` is b if a is given.
  if (value.kind === "choice" && value.then && isNone(value.otherwise)) {
    const { given, missing } = conditionOf(value.then, test);
    const { condition } = value;
    return { test, given: [...condition.given, ...given], missing: [...condition.missing, ...missing] };
  }
  return { test, given: [], missing: [] };
}

/** Returns the condition under which another one fails. */
export function opposite({ test, given, missing }: Condition): Condition {
  // If several values are given together, it is unknown which of them is missing otherwise.
  return {
    test,
    given: missing.length === 1 ? missing : [],
    missing: given.length === 1 ? given : [],
  };
}

/** Creates an unknown Boolean with the condition that holds if it is true. */
export function unknownCondition(what: string, condition: Condition): PyValue {
  return unknown(what, condition.test, { condition });
}

/** Returns a choice between two values that depends on an unknown condition. */
export function choose(
  condition: Condition,
  then: PyValue | undefined,
  otherwise: PyValue | undefined,
): PyValue {
  if (then && isSame(then, otherwise)) return then;
  const reference =
    withDefault(condition.given, then, otherwise) ?? withDefault(condition.missing, otherwise, then);
  if (reference) return reference;
  const choice: PyChoice = { kind: "choice", condition, then, otherwise, origin: condition.test };
  return choice;
}

/** Reads `x if x else y`: an external value with a default, which is optional if the default is `None`. */
function withDefault(
  given: readonly PyReference[],
  value: PyValue | undefined,
  other: PyValue | undefined,
): PyValue | undefined {
  if (value?.kind !== "reference" || !given.some((one) => isSame(one, value))) return undefined;
  if (!other || isNone(other)) return { ...value, isOptional: true };
  return { ...value, fallback: value.fallback ?? other };
}
