import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics.js";
import { isModuleFile } from "../file-names.js";
import { readOwnFile, writeWhole } from "./files.js";
import { makeFolder } from "./folder.js";
import type { OutputFile } from "./output.js";
import { hashText } from "./stamp.js";

/** The folder of a cache, and the build that uses it. */
export interface CacheOptions {
  /**
   * A folder of the user, outside any repository, because anyone who can write to it decides which modules are up to
   * date.
   */
  readonly folder: string;
  /** Identifies the tool and everything else that a module depends on besides the spec and the options. */
  readonly build: string;
}

/** The inputs on which a spec's modules depend. */
export interface CacheInput {
  readonly file: string;
  readonly text: string;
  /** The options that change modules or diagnostics. */
  readonly options: string;
}

/** The specs of an output folder that need not be generated again. */
export interface Cache {
  /**
   * Returns the modules of a spec on disk, if this build generated the same bytes from the same text and options;
   * `undefined` if one was edited or deleted.
   */
  readonly find: (input: CacheInput) => CachedResult | undefined;
  /** Remembers the modules and warnings of a spec. */
  readonly keep: (input: CacheInput, result: CachedResult) => void;
  /** Writes new entries. If the folder cannot be written, later runs only take longer. */
  readonly save: () => Promise<void>;
}

/** The diagnostics and modules of a spec. */
export interface CachedResult {
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** An entry of the cache: the hash of a spec's inputs, and the hash of each of its modules. */
interface Entry {
  readonly inputs?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly diagnostics?: readonly Diagnostic[];
}

/** Maximum number of specs per output folder, and of output folders. */
const maxEntries = 2_000;
const maxFolders = 200;

/** Opens the cache of an output folder. */
export function openCache(out: string, { folder, build }: CacheOptions): Cache {
  const path = join(folder, `${hashText(resolve(out)).slice(0, 32)}.json`);
  const known = readEntries(path);
  let isChanged = false;
  const inputsOf = ({ file, text, options }: CacheInput): string =>
    createHash("sha256")
      .update(JSON.stringify([build, basename(file), options]))
      .update(text)
      .digest("hex");
  return {
    find: (input) => {
      const entry = known.get(resolve(input.file));
      if (!entry || entry.inputs !== inputsOf(input)) return undefined;
      const files = readModules(out, input, entry);
      const diagnostics = (entry.diagnostics ?? []).map((each) => ({ ...each, file: input.file }));
      return files && { files, diagnostics };
    },
    keep: (input, { files, diagnostics }) => {
      isChanged = true;
      const hashes = files.map(({ name, text }) => [name, hashText(text)] as const);
      known.set(resolve(input.file), {
        inputs: inputsOf(input),
        files: Object.fromEntries(hashes),
        diagnostics,
      });
    },
    save: async () => {
      if (isChanged) await writeEntries(folder, path, known).catch(() => undefined);
    },
  };
}

function readModules(out: string, { file }: CacheInput, entry: Entry): readonly OutputFile[] | undefined {
  const modules: OutputFile[] = [];
  for (const [name, sha256] of Object.entries(entry.files ?? {})) {
    const found = isModuleFile(name) ? readOwnFile(join(out, name)) : undefined;
    if (found?.kind !== "file" || hashText(found.text) !== sha256) return undefined;
    modules.push({ name, text: found.text, spec: basename(file) });
  }
  return modules.length > 0 ? modules : undefined;
}

/** Reads the entries of a file; none if the file is missing or damaged. */
function readEntries(path: string): Map<string, Entry> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, Entry>>));
  } catch {
    return new Map();
  }
}

async function writeEntries(folder: string, path: string, known: ReadonlyMap<string, Entry>): Promise<void> {
  await makeFolder(folder, 0o700);
  await writeWhole(path, JSON.stringify(Object.fromEntries([...known].slice(-maxEntries))));
  const names = await readdir(folder);
  if (names.length <= maxFolders) return;
  const files = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  files.sort((a, b) => b.at - a.at);
  for (const { name } of files.slice(maxFolders)) await rm(join(folder, name), { force: true });
}

/**
 * Returns the cache folder: `CONNECTOR_GEN_CACHE`, or the user's cache folder on this system. Returns `undefined` if the
 * variable is empty or `off`.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): string | undefined {
  const given = env["CONNECTOR_GEN_CACHE"];
  if (given !== undefined) return given === "" || given === "off" ? undefined : given;
  const home = homedir();
  const base =
    platform === "win32"
      ? (env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"))
      : platform === "darwin"
        ? join(home, "Library", "Caches")
        : env["XDG_CACHE_HOME"] || join(home, ".cache");
  return join(base, "connector-gen");
}
