import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { generate } from "../generate.js";
import { loadSources } from "../load-sources.js";
import { isError } from "../diagnostics.js";
import type { ResourceIr, SourceIr } from "../ir/source-ir.js";
import { confirm } from "./ask.js";
import type { Proposal } from "./propose.js";
import { offerSecrets } from "./save-secrets.js";
import type { Terminal } from "./terminal.js";

/** How and where a proposal is written. */
export interface ProposalTarget {
  readonly path: string;
  /** Output folder of modules. */
  readonly out: string;
  /** Whether to write without asking. */
  readonly yes: boolean;
  /** Values of secrets by name, which the user may want in `.env`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Writes the spec. Resolves to false if it cannot be written; a message has been printed then. */
  readonly save: () => Promise<boolean>;
}

/** Writes a proposal after confirmation, generates the module, and prints how to use it. Resolves to the exit code. */
export async function finishProposal(
  terminal: Terminal,
  proposal: Proposal,
  target: ProposalTarget,
): Promise<number> {
  const code = await write(terminal, proposal, target);
  if (terminal.isJson) {
    const resources = proposal.resources.map(({ report, records, problem }) => {
      const { index: _index, ...shown } = report;
      return { ...shown, sampled: records, ...(problem !== undefined && { problem }) };
    });
    const document = { ok: code === 0, spec: target.path, written: code === 0, resources };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  }
  return code;
}

async function write(
  terminal: Terminal,
  { resources }: Proposal,
  { path, out, yes, secrets, save }: ProposalTarget,
): Promise<number> {
  if (resources.some(({ problem }) => problem !== undefined)) {
    terminal.info("Nothing was written.");
    return 1;
  }
  if (!yes) {
    if (!terminal.isInteractive || terminal.isJson) {
      terminal.info("Nothing was written. To write the spec and its module, pass --yes.");
      return 0;
    }
    const answer = await confirm(`Write ${path} and its module in ${out}?`, true);
    if (answer !== true) {
      terminal.info("Nothing was written.");
      return answer === false ? 0 : 130;
    }
  }
  if (!(await save())) return 1;
  const result = await generate([path], { out, mode: "write", literalSecrets: "error" });
  terminal.report(result.diagnostics.filter(isError), result.texts);
  const refused = result.changes.find(({ status }) => status === "refused");
  if (refused) terminal.warn(`${join(out, refused.name)}: not written: ${refused.reason ?? ""}`);
  if (refused || result.diagnostics.some(isError)) return 1;
  const [loaded] = (await loadSources([path])).sources;
  const [first] = resources;
  const resource = loaded?.source.resources.find(({ name }) => name === first?.name);
  if (!loaded || !resource) return 1;
  const { file } = loaded.source.names;
  terminal.info(`Wrote ${path} and ${join(out, `${file}.ts`)}.`);
  const values = loaded.source.secrets.flatMap(({ name, env }) => {
    const value = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    return value === undefined ? [] : [[env, value] as const];
  });
  const isSaved = !yes && (await offerSecrets(terminal, Object.fromEntries(values)));
  if (isSaved === undefined) return 130;
  if (!terminal.isJson) terminal.print(usageOf(loaded.source, resource, { out, isSaved }));
  return 0;
}

/** Returns a program that reads the resource, and the commands that run it. */
function usageOf(
  { names, secrets }: SourceIr,
  resource: ResourceIr,
  { out, isSaved }: { readonly out: string; readonly isSaved: boolean },
): string {
  // Node runs TypeScript since 22.18, and imports need the file extension.
  const isNative = Boolean((process.features as { readonly typescript?: unknown }).typescript);
  const folder = relative(".", out).replaceAll("\\", "/");
  const module = `${folder.startsWith(".") ? folder : `./${folder}`}/${names.file}.${isNative ? "ts" : "js"}`;
  const client = names.facade.charAt(0).toLowerCase() + names.facade.slice(1);
  const isTaken = client === names.source || client === "console";
  const variable = isTaken ? "client" : client;
  const needed = isSaved ? "" : secrets.map(({ env }) => `  export ${env}=…\n`).join("");
  const command = isNative ? "node" : "npx tsx";
  const run = isSaved ? `${command} --env-file=.env` : command;
  const install = hasRuntime() ? "" : "  npm install @connector-gen/runtime\n";
  return `
// app.ts
import { ${names.factory} } from ${JSON.stringify(module)};

const ${variable} = ${names.factory}();

for await (const record of ${variable}.${resource.names.method}()) {
  console.log(record);
}

Run:
${install}${needed}  ${run} app.ts
`;
}

/** Whether the app can import the runtime. */
function hasRuntime(): boolean {
  try {
    createRequire(join(process.cwd(), "package.json")).resolve("@connector-gen/runtime");
    return true;
  } catch {
    return false;
  }
}
