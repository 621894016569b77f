import type { Checkpoint } from "@connector-gen/runtime";
import { compareError, compareRead } from "./compare.js";
import { readEndpoints } from "./endpoints.js";
import type { Outcome } from "./outcome.js";
import { compareState } from "./state.js";
import { isSelectorAtFault, readResource, type Subject, type Verdict } from "./subject.js";
import type { Expected, RunOutcome, Vector, VectorRun } from "./vector.js";

/** Reads every selected resource once per run, each from the checkpoint of its last run without an error. */
export async function checkRuns(subject: Subject, runs: readonly VectorRun[]): Promise<Verdict> {
  const checkpoints = new Map<string, Checkpoint>();
  const problems: string[] = [];
  for (const [number, run] of runs.entries()) {
    const found = await checkRun(subject, run, checkpoints);
    if (found === "no match") return found;
    problems.push(...found.map((problem) => `run ${number + 1}: ${problem}`));
  }
  return problems;
}

async function checkRun(
  subject: Subject,
  run: VectorRun,
  checkpoints: Map<string, Checkpoint>,
): Promise<Verdict> {
  const { vector } = subject;
  const wanted = run.better ?? run;
  if (wanted.error?.kind === "config") return ["the config is accepted; expected an error"];
  const { selected } = readEndpoints(vector);
  const outcomes = new Map<string, Outcome>();
  for (const resource of selected) {
    const script = { exchanges: run.exchanges, requests: wanted.requests };
    const outcome = await readResource(subject, { resource, script, from: checkpoints.get(resource) });
    if (isSelectorAtFault(vector, outcome, wanted.error === null)) return "no match";
    outcomes.set(resource, outcome);
    if (outcome.checkpoint && !outcome.error) checkpoints.set(resource, outcome.checkpoint);
  }
  // A run of several resources that fails leaves some of them unread.
  if (wanted.error && selected.length > 1) return compareFailure([...outcomes.values()], wanted);
  return [...outcomes].flatMap(([resource, outcome]) => {
    const found = [
      ...compareOne(vector, { resource, run, wanted, outcome }),
      ...(run.better || wanted.error
        ? []
        : compareState(outcome.checkpoint ?? checkpoints.get(resource), run.state_out[resource] ?? {})),
    ];
    return found.map((problem) => `${resource}: ${problem}`);
  });
}

interface Read {
  readonly resource: string;
  readonly run: VectorRun;
  readonly wanted: RunOutcome;
  readonly outcome: Outcome;
}

/** Compares the requests of a resource and its ancestors with those of the run. */
function compareOne(vector: Vector, { resource, run, wanted, outcome }: Read): readonly string[] {
  const { names, ancestorsOf, isOf, groupOf } = readEndpoints(vector);
  const family = [resource, ...ancestorsOf(resource)];
  const ownerOf = (index: number): string | undefined => {
    const request = run.exchanges[index]?.request;
    const isOwner = (name: string): boolean => request !== undefined && isOf(name, request);
    // A page behind a link need not be on the path of its resource.
    return (
      family.find(isOwner) ?? names.find(isOwner) ?? (outcome.requests.includes(index) ? resource : undefined)
    );
  };
  const isInFamily = (index: number): boolean => {
    const owner = names.length === 1 ? resource : ownerOf(index);
    return owner !== undefined && family.includes(owner);
  };
  const expected: Expected = {
    requests: wanted.requests.filter(isInFamily),
    records: wanted.expected[resource]?.records ?? [],
    error: wanted.error,
  };
  const grouping = (index: number): string => {
    const request = run.exchanges[index]?.request;
    return request ? groupOf(ownerOf(index) ?? resource, request) : "";
  };
  return compareRead(outcome, expected, { groupOf: grouping, exchanges: run.exchanges });
}

function compareFailure(outcomes: readonly Outcome[], { error }: RunOutcome): readonly string[] {
  const found = outcomes.map((outcome) => compareError(outcome.error, error));
  return found.some((problems) => problems.length === 0) ? [] : found.flat();
}
