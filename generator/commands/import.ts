import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { isError } from "../diagnostics.js";
import { importDlt, type DltImport, type DltImports } from "../import/dlt.js";
import { didYouMean, list } from "../spec/wording.js";
import { writeWhole } from "../write.js";
import type { Terminal } from "./terminal.js";

/** The flags of `import dlt`. */
export interface ImportFlags {
  readonly out?: string;
  readonly name?: string;
  readonly config?: string;
  readonly force?: boolean;
}

/** A spec and where it goes. */
interface Target {
  readonly path: string;
  readonly found: DltImport;
}

/** `connector-gen import dlt`: turns dlt's `rest_api` configurations into specs. */
export async function runImportDlt(terminal: Terminal, path: string, flags: ImportFlags): Promise<number> {
  const file = path === "-" ? "<stdin>" : path;
  const result = importDlt(file, await readText(path));
  const chosen = choose(result, flags);
  if (typeof chosen === "string") {
    terminal.warn(`connector-gen: ${chosen}`);
    return 2;
  }
  const diagnostics = [...result.diagnostics, ...chosen.flatMap((one) => one.diagnostics)];
  terminal.report(diagnostics, new Map([[file, result.frameText]]));
  const isOk = !diagnostics.some(isError);
  if (isOk) for (const note of chosen.flatMap((one) => one.notes)) terminal.tell(terminal.style("dim", note));
  const targets = isOk && flags.out !== undefined ? await placeAll(chosen, flags.out) : [];
  const code = isOk ? await write(terminal, { chosen, targets, isForced: flags.force ?? false }) : 1;
  terminal.reportJson({ ok: code === 0, diagnostics, files: targets.map((target) => target.path) });
  return code;
}

/** The configurations to import, or what is wrong with the flags. */
function choose({ imports }: DltImports, { out, name, config }: ImportFlags): readonly DltImport[] | string {
  const names = imports.map((one) => one.name);
  const chosen = config === undefined ? imports : imports.filter((one) => one.name === config);
  if (imports.length > 0 && config !== undefined && chosen.length === 0)
    return `there is no configuration ${config} in this file: there are ${list(names)}${didYouMean(config, names)}`;
  if (chosen.length > 1) {
    const found = chosen.map((one) => `  ${one.name} (${one.what}, line ${one.line})`).join("\n");
    if (name !== undefined) return `--name is for one configuration; pick it with --config\n${found}`;
    if (out === undefined || /\.jsonc?$/i.test(out))
      return `there are ${chosen.length} configurations in this file; pick one with --config, or give a folder with --out\n${found}`;
  }
  if (name !== undefined && !/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,99}$/u.test(name))
    return `"${name}" cannot name a file: use letters, digits, - and _`;
  return chosen.map((one) => (name === undefined ? one : { ...one, name, spec: { ...one.spec, name } }));
}

async function placeAll(chosen: readonly DltImport[], out: string): Promise<readonly Target[]> {
  const isFolder = chosen.length > 1 || /[/\\]$/.test(out) || (await isDirectory(out));
  return chosen.map((found) => ({ path: isFolder ? join(out, `${found.name}.json`) : out, found }));
}

async function write(
  terminal: Terminal,
  run: { chosen: readonly DltImport[]; targets: readonly Target[]; isForced: boolean },
): Promise<number> {
  const { chosen, targets, isForced } = run;
  if (targets.length === 0) {
    for (const { spec } of chosen) terminal.print(await formatSpec(spec, "."));
    return 0;
  }
  if (!isForced) {
    const existing: string[] = [];
    for (const { path } of targets) if (await exists(path)) existing.push(path);
    for (const path of existing) terminal.warn(`connector-gen: ${path} exists; --force overwrites it`);
    if (existing.length > 0) return 1;
  }
  for (const { path, found } of targets) {
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, await formatSpec(found.spec, dirname(path)));
  }
  const paths = targets.map((target) => target.path);
  terminal.tell(
    `${paths.join(", ")} ${paths.length === 1 ? "is" : "are"} written. Next:\n  connector-gen generate ${paths.join(" ")}`,
  );
  return 0;
}

/** Prints a spec as people write them: what fits stands on one line. */
async function formatSpec(spec: JsonObject, folder: string): Promise<string> {
  const { format } = await import("prettier");
  const schema = relative(folder, "node_modules/connector-gen/schema.json").replaceAll("\\", "/");
  const whole = { $schema: schema.startsWith(".") ? schema : `./${schema}`, ...spec };
  return await format(openObjects(whole), { parser: "json", printWidth: 110 });
}

/** Prettier keeps an object open whose first key is on a line of its own: the spec, its client, its resources. */
function openObjects(spec: JsonObject): string {
  const open = (value: JsonValue): string => JSON.stringify(value).replace(/^\{(?=")/, "{\n");
  const resources = spec["resources"];
  const entries = Object.entries(spec).map(([key, value]) => {
    const text =
      key === "resources" && Array.isArray(resources)
        ? `[${resources.map(open).join(",\n")}]`
        : key === "client"
          ? open(value)
          : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${entries.join(",\n")}\n}\n`;
}

async function readText(path: string): Promise<string> {
  if (path !== "-") return await readFile(path, "utf8");
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function exists(path: string): Promise<boolean> {
  return (await statOf(path)) !== undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory() ?? false;
}

async function statOf(path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
