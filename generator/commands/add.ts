import type { JsonObject } from "@connector-gen/runtime";
import { appendResource } from "../detect/edit.js";
import { attachParent } from "../infer/attach-parent.js";
import { draftSpec, type SpecDraft } from "../infer/spec-draft.js";
import type { SourceIr } from "../ir/source-ir.js";
import { readInput } from "../read-input.js";
import { own, type Raw } from "../spec/values.js";
import { finish } from "./finish-proposal.js";
import { propose } from "./propose.js";
import { readSamples, type RequestFlags } from "./request-flags.js";
import { loadEnvironment, openSpec, saveSpec, type LoadedSpec } from "./spec-session.js";
import type { Terminal } from "./terminal.js";

/** The flags of `add`. */
export interface AddFlags extends RequestFlags {
  readonly out: string;
  readonly resource?: string;
  readonly config?: readonly string[];
  readonly envFile?: string;
  readonly from?: string;
  readonly yes?: boolean;
}

/** The arguments of `add`. */
export interface AddInput {
  readonly path: string;
  /** Path, URL or curl command. */
  readonly input: string;
}

/** Runs `connector-gen add`, which adds a resource to a spec in the same way as `init`; resolves to the exit code. */
export async function runAdd(
  terminal: Terminal,
  { path, input }: AddInput,
  flags: AddFlags,
): Promise<number> {
  await loadEnvironment(flags.envFile);
  const loaded = await openSpec(terminal, path, {});
  if (!loaded) return 1;
  const addition = await draftResource(loaded, input, flags);
  if (typeof addition === "string") {
    terminal.warn(`connector-gen: ${addition}`);
    return 2;
  }
  const { name, resource, secrets } = addition;
  const { file, spec } = loaded.target;
  const saved = flags.from === undefined ? undefined : await readInput(flags.from);
  const proposal = await propose(terminal, {
    file,
    text: await appendResource(spec, resource),
    resources: [name],
    secrets,
    ...(saved !== undefined && { saved: { [name]: saved } }),
    flags: { ...(flags.config && { config: flags.config }) },
  });
  if (!proposal) return 1;
  return await finish(terminal, proposal, {
    path,
    out: flags.out,
    yes: flags.yes ?? false,
    save: () => saveSpec(terminal, path, { before: spec.text, after: proposal.text, command: "add" }),
  });
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
  if (!sample) return "there is no request to add";
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

/** A name that the spec has becomes more exact by its parent: `article_comments`. */
function chooseName(name: string, { resources }: SourceIr, parent: string | undefined): string {
  const isTaken = resources.some((each) => each.name === name);
  return isTaken && parent !== undefined ? `${parent}_${name}` : name;
}

/** Returns the headers and credentials of a request that the client of the spec does not send anyway. */
function requestParts({ headers, auth }: SpecDraft, client: unknown): JsonObject {
  const known = (own(client, "headers") ?? {}) as Raw;
  const added = Object.entries(headers).filter(([name, value]) => own(known, name) !== value);
  const isOwn = auth !== undefined && JSON.stringify(own(client, "auth")) !== JSON.stringify(auth);
  return {
    ...(added.length > 0 && { headers: Object.fromEntries(added) }),
    ...(isOwn && { auth }),
  };
}
