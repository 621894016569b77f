import type { JsonObject } from "@connector-gen/runtime";
import { appendResource } from "../detect/edit.js";
import { attachParent } from "../infer/attach-parent.js";
import { draftSpec, type SpecDraft } from "../infer/spec-draft.js";
import type { SourceIr } from "../ir/source-ir.js";
import { readInput } from "../read-input.js";
import { own, type Raw } from "../spec/values.js";
import { messageOf } from "../spec/wording.js";
import { finishProposal } from "./finish-proposal.js";
import { propose } from "./propose.js";
import { readSamples, toSaved, type RequestFlags } from "./request-flags.js";
import { loadEnvironment, openSpec, parseTarget, saveSpec, type LoadedSpec } from "./spec-session.js";
import type { Terminal } from "./terminal.js";

/** The flags of `add`. */
export interface AddFlags extends RequestFlags {
  readonly out: string;
  readonly resource?: string;
  readonly config?: readonly string[];
  readonly envFile?: string;
  readonly from?: string;
  /** The query parameter that selects records since a time. */
  readonly since?: string;
  readonly yes?: boolean;
}

/** The arguments of `add`. */
export interface AddInput {
  readonly path: string;
  /** Paths, URLs or curl commands. */
  readonly inputs: readonly string[];
}

/** Runs `connector-gen add`, which adds resources to a spec as `init` does. Resolves to the exit code. */
export async function runAdd(
  terminal: Terminal,
  { path, inputs }: AddInput,
  flags: AddFlags,
): Promise<number> {
  await loadEnvironment(flags.envFile);
  const loaded = await openSpec(terminal, path, {});
  if (!loaded) return 1;
  const { file, spec } = loaded.target;
  const draft = await draftResources(terminal, loaded, { inputs, flags });
  if (!draft) return 1;
  if (typeof draft === "string") return terminal.misuse(draft);
  const { names, secrets, text } = draft;
  const given = flags.from === undefined ? undefined : toSaved(await readInput(flags.from));
  const proposal = await propose(terminal, {
    file,
    text,
    resources: names,
    secrets,
    ...(given && { saved: { [names[0] ?? ""]: given.saved }, isRecords: given.isRecords }),
    flags: { ...(flags.config && { config: flags.config }) },
    ...(flags.since !== undefined && { since: flags.since }),
  });
  if (!proposal) return 1;
  return await finishProposal(terminal, proposal, {
    path,
    out: flags.out,
    yes: flags.yes ?? false,
    secrets,
    save: () => saveSpec(terminal, path, { before: spec.text, after: proposal.text, command: "add" }),
  });
}

/** The spec with all new resources. */
interface Draft {
  readonly names: readonly string[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Adds the requests one by one, so each may be the parent of the next. Returns the problem if one of them is invalid. */
async function draftResources(
  terminal: Terminal,
  loaded: LoadedSpec,
  { inputs, flags }: { readonly inputs: readonly string[]; readonly flags: AddFlags },
): Promise<Draft | string | undefined> {
  if (inputs.length > 1 && (flags.from !== undefined || flags.resource !== undefined))
    return `${flags.from === undefined ? "--resource" : "--from"} applies to one request; add the others with further commands`;
  const { file, parse } = loaded.target;
  let current: LoadedSpec | undefined = loaded;
  let draft: Draft = { names: [], secrets: {}, text: loaded.target.spec.text };
  for (const input of inputs) {
    if (!current) return undefined;
    const addition = await draftResource(current, input, flags);
    if (typeof addition === "string") return addition;
    const { name, resource, secrets } = addition;
    const appended = await appendTo(current, resource);
    if ("problem" in appended) return appended.problem;
    const { text } = appended;
    draft = { names: [...draft.names, name], secrets: { ...draft.secrets, ...secrets }, text };
    current = await parseTarget(terminal, { file, text, parse });
  }
  return current && draft;
}

/** Adds a resource to the text of a spec. Returns the problem if the layout does not allow it. */
async function appendTo(
  { target: { file, spec } }: LoadedSpec,
  resource: JsonObject,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    return { text: await appendResource(spec, resource) };
  } catch (error) {
    const why = messageOf(error);
    return { problem: `cannot edit ${file} (${why}); add the resource by hand` };
  }
}

interface Addition {
  readonly name: string;
  readonly resource: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Drafts the new resource. Returns the problem if the request does not belong to the API of the spec. */
async function draftResource(
  { source, target }: LoadedSpec,
  input: string,
  flags: AddFlags,
): Promise<Addition | string> {
  const hasConfig = source.baseUrl.includes("{");
  const base = new URL(hasConfig ? "https://api.example.com" : source.baseUrl);
  const samples = await readSamples([input], flags, base.origin);
  if (typeof samples === "string") return samples;
  const [sample] = samples;
  if (!sample) return "no request to add: pass a path, a URL or a curl command";
  if (!hasConfig && sample.url.origin !== base.origin)
    return `${sample.url.origin} is not the API of this spec (${base.origin}); use init for it`;
  const draft = draftSpec(sample);
  const path = withoutBase(draft.resource.endpoint.path, base.pathname);
  const attached = attachParent(path, source);
  if ("problem" in attached) return attached.problem;
  const name = flags.resource ?? chooseName(draft.resource.name, source, attached.parent);
  if (source.resources.some((each) => each.name === name))
    return `the spec has a resource ${name}; pass another name with --resource`;
  const endpoint: JsonObject = {
    ...draft.resource.endpoint,
    path: attached.path,
    ...requestParts(draft, own(target.spec.value, "client")),
  };
  return { name, resource: { name, endpoint }, secrets: draft.secrets };
}

/** Removes the path of the base URL, to which the paths of resources are relative. */
function withoutBase(path: string, base: string): string {
  const prefix = base.replace(/\/+$/, "");
  return prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

/** Adds the name of the parent if the spec already has a resource of this name: `article_comments`. */
function chooseName(name: string, { resources }: SourceIr, parent: string | undefined): string {
  const isTaken = resources.some((each) => each.name === name);
  return isTaken && parent !== undefined ? `${parent}_${name}` : name;
}

/** Returns the headers and credentials of a request that the client of the spec does not already send. */
function requestParts({ headers, auth }: SpecDraft, client: unknown): JsonObject {
  const known = (own(client, "headers") ?? {}) as Raw;
  const added = Object.entries(headers).filter(([name, value]) => own(known, name) !== value);
  const isOwn = auth !== undefined && JSON.stringify(own(client, "auth")) !== JSON.stringify(auth);
  return {
    ...(added.length > 0 && { headers: Object.fromEntries(added) }),
    ...(isOwn && { auth }),
  };
}
