import { join } from "node:path";
import type { JsonObject } from "@connector-gen/runtime";
import { count } from "../detect/finding.js";
import { withSharedPaginator } from "../detect/share-paginator.js";
import { isCurl } from "../infer/curl.js";
import { readHar, type RecordedRequest } from "../infer/har.js";
import { draftSpec, nameSource, type SpecDraft } from "../infer/spec-draft.js";
import { readInput } from "../read-input.js";
import { askCredentials } from "./ask-credentials.js";
import { finishProposal } from "./finish-proposal.js";
import { checkSpecName, existsMessage, formatSpec, writeNewSpec } from "./new-spec.js";
import { propose, type Proposal } from "./propose.js";
import { isUrl, readSamples, toSaved, type RequestFlags } from "./request-flags.js";
import { loadEnvironment } from "./spec-session.js";
import type { Terminal } from "./terminal.js";

/** The flags of `init` with a URL. */
export interface InitUrlFlags extends RequestFlags {
  readonly dir: string;
  readonly out: string;
  readonly name?: string;
  readonly resource?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly envFile?: string;
  readonly from?: string;
  /** The query parameter that selects records since a time. */
  readonly since?: string;
}

/** Whether the argument of `init` is a request instead of a name. */
export function isRequest(text: string | undefined): boolean {
  return text !== undefined && (isUrl(text) || isCurl(text));
}

/**
 * Runs `connector-gen init <url>`, which asks the API, proposes a spec with the evidence, writes it after confirmation,
 * and generates its module. Resolves to the exit code.
 */
export async function runInitUrl(
  terminal: Terminal,
  inputs: readonly string[],
  flags: InitUrlFlags,
): Promise<number> {
  await loadEnvironment(flags.envFile);
  const requests = await readRequests(terminal, inputs, flags);
  if (typeof requests === "string") return terminal.misuse(requests);
  const problem = checkRequests(requests, flags);
  if (problem !== undefined) return terminal.misuse(problem);
  for (let given = requests; ;) {
    const attempt = await attemptProposal(terminal, given, flags);
    const { proposal } = attempt;
    if (!proposal) return 1;
    const challenge = proposal.resources.find((each) => each.challenge)?.challenge;
    if (!challenge || !terminal.isInteractive || terminal.isJson)
      return await conclude(terminal, attempt, flags);
    const add = await askCredentials(challenge);
    if (add === undefined) return 130;
    if (add === null) return await conclude(terminal, attempt, flags);
    given = given.map(({ sample, ...rest }) => ({ ...rest, sample: add(sample) }));
  }
}

/** A proposal and the requests on which it is based. */
interface Attempt {
  readonly path: string;
  readonly proposal: Proposal | undefined;
  readonly secrets: Readonly<Record<string, string>>;
}

async function attemptProposal(
  terminal: Terminal,
  requests: readonly GivenRequest[],
  flags: InitUrlFlags,
): Promise<Attempt> {
  const drafts = requests.map(({ sample }) => draftSpec(sample));
  const [first] = requests;
  const name = flags.name ?? (first ? nameSource(first.sample.url) : "api");
  const spec = mergeDrafts(name, drafts, flags.resource);
  const path = join(flags.dir, `${name}.json`);
  const names = (spec["resources"] as readonly { readonly name: string }[]).map((each) => each.name);
  const saved = names.flatMap((each, index) => {
    const text = requests[index]?.saved;
    return text === undefined ? [] : [[each, text] as const];
  });
  const secrets = Object.assign({}, ...drafts.map((draft) => draft.secrets)) as Record<string, string>;
  const proposal = await propose(terminal, {
    file: path,
    text: await formatSpec(spec, flags.dir),
    resources: names,
    secrets,
    saved: Object.fromEntries(saved),
    isRecords: requests.some(({ isRecords }) => isRecords === true),
    flags: {},
    ...(flags.since !== undefined && { since: flags.since }),
  });
  return { path, proposal, secrets };
}

async function conclude(
  terminal: Terminal,
  { path, proposal, secrets }: Attempt,
  flags: InitUrlFlags,
): Promise<number> {
  if (!proposal) return 1;
  const spec = withSharedPaginator(JSON.parse(proposal.text) as JsonObject);
  const text = await formatSpec(spec, flags.dir);
  return await finishProposal(terminal, proposal, {
    path,
    out: flags.out,
    yes: flags.yes ?? false,
    secrets,
    save: async () => {
      const isWritten = await writeNewSpec({ path, text, isForced: flags.force ?? false, option: "--dir" });
      if (!isWritten) terminal.warn(`${existsMessage(path)}, and add adds a resource to it`);
      return isWritten;
    },
  });
}

/** A request, and its response unless the API is asked. */
type GivenRequest = Pick<RecordedRequest, "sample"> &
  Partial<RecordedRequest> & { readonly isRecords?: boolean };

/** Reads the requests from the arguments or from a recording. Returns the problem if they are invalid. */
async function readRequests(
  terminal: Terminal,
  inputs: readonly string[],
  flags: InitUrlFlags,
): Promise<readonly GivenRequest[] | string> {
  const saved = flags.from === undefined ? undefined : await readInput(flags.from);
  const recording = saved === undefined ? undefined : readHar(saved);
  if (inputs.length === 0 && !recording)
    return "--from needs the URL of the response, except for a HAR recording";
  const samples = await readSamples(inputs, flags);
  if (typeof samples === "string") return samples;
  if (!recording) {
    if (saved !== undefined && samples.length > 1) return "--from is the response of one URL";
    return samples.map((sample) => ({ sample, ...(saved !== undefined && toSaved(saved)) }));
  }
  const chosen = recording.requests.filter(
    ({ sample }) => samples.length === 0 || samples.some(({ url }) => isSamePlace(url, sample.url)),
  );
  if (chosen.length === 0) return "the recording has no JSON response with a list of records";
  if (recording.leftOut > 0 && samples.length === 0)
    terminal.info(
      `Left out ${count(recording.leftOut, "request")}: other hosts, other content, or single records.`,
    );
  return chosen;
}

function isSamePlace(a: URL, b: URL): boolean {
  return a.origin === b.origin && a.pathname === b.pathname;
}

function checkRequests(requests: readonly GivenRequest[], { name }: InitUrlFlags): string | undefined {
  const problem = name === undefined ? undefined : checkSpecName(name);
  if (problem !== undefined) return problem;
  const origins = new Set(requests.map(({ sample }) => sample.url.origin));
  if (origins.size > 1)
    return `a spec describes one API, but the URLs have several hosts: ${[...origins].join(", ")}`;
  return undefined;
}

/** Joins drafts into one spec. Resources of the same name get numbers. */
function mergeDrafts(name: string, drafts: readonly SpecDraft[], wish: string | undefined): JsonObject {
  const [first] = drafts;
  const taken = new Set<string>();
  const resources = drafts.map(({ resource }, index) => {
    const own = (index === 0 ? wish : undefined) ?? resource.name;
    let unique = own;
    for (let n = 2; taken.has(unique); n++) unique = `${own}_${n}`;
    taken.add(unique);
    return { name: unique, endpoint: resource.endpoint };
  });
  const auth = drafts.find((draft) => draft.auth)?.auth;
  const headers = Object.assign({}, ...drafts.map((draft) => draft.headers)) as Record<string, string>;
  return {
    name,
    client: {
      base_url: first?.baseUrl ?? "",
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(auth && { auth }),
    },
    resources,
  };
}
