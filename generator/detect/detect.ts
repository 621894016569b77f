import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { buildSource } from "../ir/build.js";
import type { ResourceIr, SourceIr } from "../ir/source-ir.js";
import { loadSpec } from "../spec/load.js";
import { parseSpec } from "../spec/parse.js";
import { writeProposals } from "./edit.js";
import { propose, proposeFields, type Proposal, type Response } from "./propose.js";
import { createSampler, type Memory, type Trial } from "./sample.js";

/** What was found out about a resource. */
export interface Finding {
  readonly resource: string;
  /** `GET https://api.example.com/orders, 200, 20 records`; absent where no answer came. */
  readonly seen?: string;
  readonly proposals: readonly Proposal[];
  readonly error?: string;
}

/** What is looked at, and how. */
export interface Detecting {
  readonly file: string;
  readonly text: string;
  readonly source: SourceIr;
  /** All resources, if none is named. */
  readonly resources: readonly string[];
  /** Instead of asking the API. */
  readonly from?: Response;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Looks at the first response of each resource, and by a second request at whether the paging that it shows leads to
 * other records. A failure of one resource is a finding; the others go on.
 */
export async function detect(detecting: Detecting): Promise<readonly Finding[]> {
  const { source, resources, from } = detecting;
  const memory: Memory = new Map();
  const findings: Finding[] = [];
  for (const resource of source.resources) {
    if (resources.length > 0 && !resources.includes(resource.name)) continue;
    const asked = from ? fromResponse(resource, from) : await fromApi(resource, detecting, memory);
    findings.push(asked);
  }
  return findings;
}

function fromResponse(resource: ResourceIr, response: Response): Finding {
  return { resource: resource.name, seen: "from a file", proposals: propose(resource, response) };
}

async function fromApi(resource: ResourceIr, detecting: Detecting, memory: Memory): Promise<Finding> {
  const { source, config } = detecting;
  const { name } = resource;
  const trial = await (await createSampler(source, { memory, config })).read(name, 1);
  const { sample, error } = trial;
  if (!sample || sample.status >= 400 || sample.body === undefined) {
    return { resource: name, proposals: [], error: error ?? "the body of the response is not JSON" };
  }
  const [records = []] = trial.pages;
  const url = safeUrl(sample.url);
  const seen = `${sample.method} ${url}, ${sample.status}, ${records.length} records`;
  const proposals = propose(resource, sample);
  const fields = resource.select === undefined ? [] : proposeFields(resource, records);
  const confirmed = await confirm({ ...detecting, resource, proposals }, memory);
  return { resource: name, seen, proposals: [...confirmed, ...fields] };
}

/** Queries may hold keys, and paths the values of parents: only the address is shown. */
function safeUrl(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? "";
}

/** Reads two pages as proposed: the first one comes from memory. */
async function confirm(
  { resource, proposals, ...detecting }: Detecting & { resource: ResourceIr; proposals: readonly Proposal[] },
  memory: Memory,
): Promise<readonly Proposal[]> {
  const paginator = proposals.find(({ key }) => key === "paginator");
  if (!paginator || paginator.value === "single_page") return proposals;
  const replace = (changed: Proposal): readonly Proposal[] =>
    proposals.map((each) => (each === paginator ? changed : each));
  const value = Object(paginator.value) as JsonObject;
  if (value["type"] === "page_number" && value["base_page"] === undefined) {
    return replace(await findBase({ ...detecting, resource, proposals }, paginator, memory));
  }
  const trial = await tryTwo({ ...detecting, resource, proposals }, paginator, memory);
  const [first, second] = trial.pages;
  const isSame =
    second !== undefined && second.length > 0 && JSON.stringify(first) === JSON.stringify(second);
  if (isSame) {
    const reason = `${paginator.reason}, but the next page has the same records: the API takes it elsewhere`;
    return replace({ ...paginator, reason, isSure: false });
  }
  if (trial.error) {
    return replace({ ...paginator, reason: `${paginator.reason}, but: ${trial.error}`, isSure: false });
  }
  if (!second) return proposals;
  const reason = `${paginator.reason}; the next page has ${second.length} other records`;
  return replace({ ...paginator, reason, isSure: true });
}

/** Two pages of a proposal. Where the first one would be asked for in another way, it is taken as it came. */
async function tryTwo(
  detecting: Detecting & { resource: ResourceIr; proposals: readonly Proposal[] },
  paginator: Proposal,
  memory: Memory,
): Promise<Trial> {
  const value = Object(paginator.value) as JsonObject;
  if (value["type"] !== "offset") return tryOut(detecting, memory);
  const others = detecting.proposals.filter((each) => each !== paginator);
  const single: Proposal = { ...paginator, value: "single_page" };
  const second: Proposal = { ...paginator, value: { ...value, offset: value["limit"] ?? 0 } };
  const known = await tryOut({ ...detecting, proposals: [...others, single] }, memory);
  const next = await tryOut({ ...detecting, proposals: [...others, second], pages: 1 }, memory);
  return { ...next, pages: [...known.pages, ...next.pages] };
}

/** Page 1 is the first page, or the second one of pages that are counted from 0. */
async function findBase(
  detecting: Detecting & { resource: ResourceIr; proposals: readonly Proposal[] },
  paginator: Proposal,
  memory: Memory,
): Promise<Proposal> {
  const { resource, proposals } = detecting;
  const counted = { ...paginator, value: { ...(paginator.value as JsonObject), base_page: 1 } };
  const others = proposals.filter(({ key }) => key !== "paginator");
  const single: Proposal = { ...paginator, value: "single_page" };
  const known = await tryOut({ ...detecting, resource, proposals: [...others, single] }, memory);
  const asked = await tryOut({ ...detecting, resource, proposals: [...others, counted], pages: 1 }, memory);
  const [first = []] = known.pages;
  const [page = []] = asked.pages;
  if (JSON.stringify(first) === JSON.stringify(page)) {
    return { ...counted, reason: `${paginator.reason}; page 1 is the first page` };
  }
  const isNext = page.length > 0 && asked.error === undefined;
  const reason = isNext
    ? `page 1 has ${page.length} other records: pages are counted from 0`
    : "but page 1 has no records";
  return { ...paginator, reason: `${paginator.reason}; ${reason}`, isSure: isNext };
}

async function tryOut(
  {
    file,
    text,
    resource,
    proposals,
    config,
    pages = 2,
  }: Detecting & { resource: ResourceIr; proposals: readonly Proposal[]; pages?: number },
  memory: Memory,
): Promise<Trial> {
  const wire = proposals.filter(({ key }) => key === "data_selector" || key === "paginator");
  const edited = await applyFindings(file, text, [{ resource: resource.name, proposals: wire }]);
  const parsed = parseSpec(await loadSpec(file, edited), { literalSecrets: "extract" });
  if (!parsed.spec) return { pages: [], error: "the proposal does not fit the spec" };
  const sampler = await createSampler(buildSource(parsed.spec), { memory, config });
  return sampler.read(resource.name, pages);
}

/** The spec's text with everything that was found. */
export async function applyFindings(
  file: string,
  text: string,
  findings: readonly Pick<Finding, "resource" | "proposals">[],
): Promise<string> {
  let edited = text;
  for (const { resource: name, proposals } of findings) {
    if (proposals.length === 0) continue;
    const { value } = await loadSpec(file, edited);
    const { resources = [] } = (value ?? {}) as { readonly resources?: readonly JsonValue[] };
    const index = resources.findIndex(
      (each) => (typeof each === "string" ? each : (each as { readonly name?: unknown }).name) === name,
    );
    if (index < 0) continue;
    edited = writeProposals(edited, file, { index, resource: resources[index], proposals });
  }
  return edited;
}
