import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { writeWhole } from "../output/files.js";
import { checkFolder, makeFolder } from "../output/folder.js";
import { isRequest, runInitUrl, type InitUrlFlags } from "./init-url.js";
import type { Terminal } from "./terminal.js";

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
  const answers = terminal.isInteractive ? await ask(name, flags) : fromFlags(name, flags);
  if (answers === undefined) return 130;
  const problem = check(answers);
  if (problem) return terminal.misuse(problem);
  const path = join(flags.dir, `${answers.name}.json`);
  await checkFolder(flags.dir);
  await makeFolder(flags.dir);
  const text = writeSpec(answers, flags.dir);
  try {
    if (flags.force) await writeWhole(path, text);
    else await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    terminal.warn(`connector-gen: ${path} exists; --force overwrites it`);
    return 1;
  }
  terminal.info(`Wrote ${path}. Next:\n  connector-gen generate ${path}\n  connector-gen mock ${path}`);
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
async function ask(name: string | undefined, flags: InitFlags): Promise<Answers | undefined> {
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
    if (/^[\w-]+$/.test(value)) return undefined;
    const hint = /[/.:]/.test(value) ? "; a URL starts with http:// or https://" : "";
    return `invalid name "${value}": use letters, digits, - and _${hint}`;
  },
  baseUrl: (value) =>
    URL.canParse(value) && /^https?:/.test(value)
      ? undefined
      : `invalid base URL "${value}": use an http or https URL`,
  auth: () => undefined,
  resource: (value) => (value.trim() ? undefined : "the resource name must not be empty"),
};

function check(answers: Answers): string | undefined {
  const keys = ["name", "baseUrl", "auth", "resource"] as const;
  return keys.map((key) => problemOf[key](answers[key])).find((problem) => problem !== undefined);
}

const authBlocks: Readonly<Record<string, object>> = {
  api_key: { type: "api_key", name: "X-API-Key", api_key: "{secrets.api_key}", location: "header" },
  bearer: { type: "bearer", token: "{secrets.token}" },
  http_basic: { type: "http_basic", username: "{secrets.username}", password: "{secrets.password}" },
};

function writeSpec({ name, baseUrl, auth, resource }: Answers, folder: string): string {
  const block = authBlocks[auth];
  const spec = {
    $schema: `./${relative(folder, "node_modules/connector-gen/schema.json").replaceAll("\\", "/")}`.replace(
      "./../",
      "../",
    ),
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
