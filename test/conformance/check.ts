import { isAlternative, isRejectionExpected, isUndecided } from "./alternatives.js";
import { compareRead, type Grouping } from "./compare.js";
import { readEndpoints } from "./endpoints.js";
import { generateModule, withOptionalSelector, type Generated } from "./module.js";
import { checkRuns } from "./runs.js";
import { isSelectorAtFault, readResource, type Bench, type Subject, type Verdict } from "./subject.js";
import { expectedOf, type Expected, type Vector } from "./vector.js";

/** Returns the differences from the recorded outcome; none if the vector passes. */
export async function checkVector(
  vector: Vector,
  generated: Generated,
  bench: Bench,
): Promise<readonly string[]> {
  if (generated.isRejected) {
    return isRejectionExpected(vector) ? [] : [`rejected: ${generated.problems.join("; ")}`];
  }
  const problems = await checkReads({ ...bench, vector, module: generated });
  if (problems !== "no match") return problems;
  // For dlt, a selector without a match means an empty page. Here, that needs an option.
  const optional = withOptionalSelector(vector);
  const again = await generateModule(optional, bench.folder);
  if (again.isRejected) return [`rejected: ${again.problems.join("; ")}`];
  const rest = await checkReads({ ...bench, vector: optional, module: again });
  return rest === "no match" ? ["the selector must find something although it is optional"] : rest;
}

async function checkReads(subject: Subject): Promise<Verdict> {
  const { vector } = subject;
  if (vector.runs) return checkRuns(subject, vector.runs);
  const expected = expectedOf(vector);
  if (expected["*"]) return checkRefusal(subject, expected["*"]);
  const problems: string[] = [];
  for (const [resource, wanted] of Object.entries(expected)) {
    const script = { exchanges: vector.exchanges ?? [], requests: wanted.requests };
    const outcome = await readResource(subject, { resource, script });
    if (isSelectorAtFault(vector, outcome, wanted.error === null)) return "no match";
    const groupOf = groupingOf(vector, resource, expected);
    const found = compareRead(outcome, wanted, { groupOf, exchanges: script.exchanges });
    if (found.length === 0 || isAlternative(vector, outcome, wanted)) continue;
    problems.push(...found.map((problem) => `${resource}: ${problem}`));
  }
  return problems;
}

/** If dlt rejects a config, each read may also reject it before its first request. */
async function checkRefusal(subject: Subject, { error }: Expected): Promise<readonly string[]> {
  if (isUndecided(subject.vector)) return [];
  const names = readEndpoints(subject.vector).names;
  for (const resource of names) {
    const outcome = await readResource(subject, { resource, script: { exchanges: [], requests: [] } });
    if (outcome.error?.code !== "MISSING_SECRET" || outcome.problems.length > 0)
      return [`the config is accepted; expected an error (${error?.message ?? ""})`];
  }
  return names.length > 0 ? [] : ["the config is accepted; expected an error"];
}

/** A request belongs to an ancestor if a read of only the ancestor sends it, too. */
function groupingOf(
  vector: Vector,
  resource: string,
  expected: Readonly<Record<string, Expected>>,
): Grouping {
  const endpoints = readEndpoints(vector);
  const owners = [...endpoints.ancestorsOf(resource)].reverse();
  return (index) => {
    const request = vector.exchanges?.[index]?.request;
    const owner = owners.find((name) => expected[name]?.requests.includes(index)) ?? resource;
    return request ? endpoints.groupOf(owner, request) : "";
  };
}
