import { join } from "node:path";
import { isError } from "../diagnostics.js";
import { loadSpec } from "../spec/load/load.js";
import { parseSpec } from "../spec/parse.js";
import { isRequest, runInitUrl, type InitUrlFlags } from "./init-url.js";
import { checkSpecName, existsMessage, schemaPath, writeNewSpec } from "./new-spec.js";
import { toCommand, type Terminal } from "./terminal.js";

/** The flags of `init`. */
export interface InitFlags {
  readonly dir: string;
  readonly baseUrl?: string;
  readonly auth?: string;
  readonly resource?: string;
  readonly force?: boolean;
}

/** Values of a first spec. */
interface Answers {
  readonly name: string;
  readonly baseUrl: string;
  readonly auth: string;
  readonly resource: string;
}

/** Runs `connector-gen init`, which writes a valid first spec, from a URL or from answers. Resolves to the exit code. */
export async function runInit(
  terminal: Terminal,
  inputs: readonly string[],
  options: InitFlags & InitUrlFlags,
): Promise<number> {
  const [first] = inputs;
  if (isRequest(first) || (first === undefined && options.from !== undefined))
    return await runInitUrl(terminal, inputs, options);
  if (inputs.length > 1) return terminal.misuse("init takes one name, or URLs of one API");
  // Without a request there is no body, so `-d` is the folder.
  const flags: InitFlags = { ...options, dir: options.data ?? options.dir };
  const name = first ?? options.name;
  const answers = terminal.isInteractive ? await askAnswers(name, flags) : fromFlags(name, flags);
  if (answers === undefined) return 130;
  const path = join(flags.dir, `${answers.name}.json`);
  const text = printSpec(answers, flags.dir);
  const problem = checkAnswers(answers) ?? (await checkText(path, text));
  if (problem !== undefined) return terminal.misuse(problem);
  if (!(await writeNewSpec({ path, text, isForced: flags.force ?? false, option: "--dir" }))) {
    terminal.warn(existsMessage(path));
    return 1;
  }
  terminal.info(`Wrote ${path}. Next:\n  ${toCommand("generate", path)}\n  ${toCommand("mock", path)}`);
  return 0;
}

const defaults = { name: "my-api", baseUrl: "https://api.example.com", auth: "api_key", resource: "items" };

function fromFlags(name: string | undefined, flags: InitFlags): Answers {
  return {
    name: name ?? defaults.name,
    baseUrl: flags.baseUrl ?? defaults.baseUrl,
    auth: flags.auth ?? defaults.auth,
    resource: flags.resource ?? defaults.resource,
  };
}

/** Asks for each value that no flag sets, and checks each answer at once. Resolves to `undefined` after Ctrl-C. */
async function askAnswers(name: string | undefined, flags: InitFlags): Promise<Answers | undefined> {
  const { isCancel, select, text } = await import("@clack/prompts");
  const answer = async (key: keyof Answers, message: string, given: string | undefined) =>
    given ??
    (await text({
      message,
      placeholder: defaults[key],
      defaultValue: defaults[key],
      validate: (value) => problemOf[key](value || defaults[key]),
    }));
  const source = await answer("name", "Source name", name);
  if (isCancel(source)) return undefined;
  const baseUrl = await answer("baseUrl", "Base URL of the API", flags.baseUrl);
  if (isCancel(baseUrl)) return undefined;
  const options = ["api_key", "bearer", "http_basic", "none"].map((value) => ({ value, label: value }));
  const auth = flags.auth ?? (await select({ message: "Authentication", options }));
  if (isCancel(auth)) return undefined;
  const resource = await answer("resource", "First resource (also its path)", flags.resource);
  return isCancel(resource) ? undefined : { name: source, baseUrl, auth, resource };
}

/** Functions that return the problem with an answer, if there is one. */
const problemOf: Readonly<Record<keyof Answers, (value: string) => string | undefined>> = {
  name: (value) => {
    const problem = checkSpecName(value);
    const hint = /[/.:]/.test(value) ? "; a URL starts with http:// or https://" : "";
    return problem && problem + hint;
  },
  baseUrl: (value) =>
    URL.canParse(value) && /^https?:/.test(value)
      ? undefined
      : `invalid base URL "${value}": use an http or https URL`,
  auth: () => undefined,
  resource: (value) => (value.trim() ? undefined : "the resource name must not be empty"),
};

function checkAnswers(answers: Answers): string | undefined {
  const keys = ["name", "baseUrl", "auth", "resource"] as const;
  return keys.map((key) => problemOf[key](answers[key])).find((problem) => problem !== undefined);
}

/** Returns the first error of the spec, such as a placeholder in its base URL. */
async function checkText(path: string, text: string): Promise<string | undefined> {
  const { diagnostics } = parseSpec(await loadSpec(path, text), { literalSecrets: "error" });
  return diagnostics.find(isError)?.message;
}

const authBlocks: Readonly<Record<string, object>> = {
  api_key: { type: "api_key", name: "X-API-Key", api_key: "{secrets.api_key}", location: "header" },
  bearer: { type: "bearer", token: "{secrets.token}" },
  http_basic: { type: "http_basic", username: "{secrets.username}", password: "{secrets.password}" },
};

function printSpec({ name, baseUrl, auth, resource }: Answers, folder: string): string {
  const block = authBlocks[auth];
  const spec = {
    $schema: schemaPath(folder),
    name,
    client: { base_url: baseUrl, ...(block && { auth: block }) },
    resource_defaults: { primary_key: "id", write_disposition: "merge" },
    resources: [
      {
        name: resource,
        endpoint: { path: `/${resource}`, data_selector: "data", paginator: { type: "offset", limit: 100 } },
        schema: {
          type: "object",
          required: ["id"],
          properties: {
            id: { type: "integer" },
            name: { type: "string" },
            created_at: { type: "string", format: "date-time" },
          },
        },
      },
    ],
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}
