import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** A generated file for the output folder. */
export interface OutputFile {
  /** File name without a folder. */
  readonly name: string;
  readonly text: string;
  /** Base name of the spec that generates the file. */
  readonly spec: string;
}

/** A planned change of one file in the output folder. */
export interface FileChange {
  readonly name: string;
  readonly status: "created" | "updated" | "unchanged" | "removed" | "refused";
  /** Why the change was refused and how to force it; only with `refused`. */
  readonly reason?: string;
  /** Current text on disk; absent if the file does not exist. */
  readonly before?: string;
  /** New text; absent if the file is to be removed. */
  readonly after?: string;
}

/** The generated files of an output folder with their hashes, as stored beside them. */
interface Manifest {
  readonly files: Readonly<Record<string, { readonly spec: string; readonly sha256: string }>>;
}

const manifestName = ".connector-gen.json";

/**
 * Compares the generated files with those in the folder and plans the changes. A file is replaced or removed only if
 * connector-gen wrote it and nobody has edited it since, unless `force` is true.
 */
export async function planChanges(
  folder: string,
  files: readonly OutputFile[],
  { force = false }: { force?: boolean } = {},
): Promise<readonly FileChange[]> {
  const manifest = await readManifest(folder);
  const wanted = await Promise.all(files.map((file) => planFile(folder, file, { manifest, force })));
  const specs = new Set(files.map((file) => file.spec));
  const names = new Set(files.map((file) => file.name));
  const orphans = Object.entries(manifest.files).filter(
    ([name, { spec }]) => specs.has(spec) && !names.has(name),
  );
  const removed = await Promise.all(
    orphans.map(([name, { sha256 }]) => planRemoval(folder, name, { sha256, force })),
  );
  return [...wanted, ...removed.filter((change) => change !== undefined)];
}

async function planFile(
  folder: string,
  { name, text }: OutputFile,
  { manifest, force }: { manifest: Manifest; force: boolean },
): Promise<FileChange> {
  const before = await readText(join(folder, name));
  if (before === undefined) return { name, status: "created", after: text };
  if (before === text) return { name, status: "unchanged", before, after: text };
  const own = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
  if (force || own?.sha256 === hashText(before)) return { name, status: "updated", before, after: text };
  const reason = own ? "it was edited after it was generated" : "connector-gen did not write it";
  return { name, status: "refused", reason: `${reason}; --force overwrites it`, before, after: text };
}

async function planRemoval(
  folder: string,
  name: string,
  { sha256, force }: { sha256: string; force: boolean },
): Promise<FileChange | undefined> {
  const before = await readText(join(folder, name));
  if (before === undefined) return undefined;
  if (force || hashText(before) === sha256) return { name, status: "removed", before };
  const reason =
    "its spec no longer generates it, but it was edited after it was generated; --force removes it";
  return { name, status: "refused", reason, before };
}

/** Applies planned changes, each file atomically, and records the result in the manifest. */
export async function applyChanges(
  folder: string,
  changes: readonly FileChange[],
  files: readonly OutputFile[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, status, after } of changes) {
    if (status === "removed") await rm(join(folder, name), { force: true });
    if ((status === "created" || status === "updated") && after !== undefined)
      await writeWhole(join(folder, name), after);
  }
  await writeManifest(folder, changes, files);
}

async function writeManifest(
  folder: string,
  changes: readonly FileChange[],
  files: readonly OutputFile[],
): Promise<void> {
  const manifest = await readManifest(folder);
  const entries = new Map(Object.entries(manifest.files));
  for (const { name, status, after } of changes) {
    const spec = files.find((file) => file.name === name)?.spec;
    if (status === "removed") entries.delete(name);
    else if (status !== "refused" && spec !== undefined && after !== undefined)
      entries.set(name, { spec, sha256: hashText(after) });
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify({ files: Object.fromEntries(sorted) }, null, 2)}\n`;
  const path = join(folder, manifestName);
  if ((await readText(path)) !== text) await writeWhole(path, text);
}

async function readManifest(folder: string): Promise<Manifest> {
  const text = await readText(join(folder, manifestName));
  try {
    const manifest = JSON.parse(text ?? "{}") as Partial<Manifest>;
    return { files: manifest.files ?? {} };
  } catch {
    // An unreadable manifest proves nothing: every file that differs is refused without `--force`.
    return { files: {} };
  }
}

/** Reads a file with `\n` line endings. Git may check files out with CRLF, which must not count as an edit. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).replaceAll("\r\n", "\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Writes a file atomically: writes a temporary file beside it and renames that. Replaces a symbolic link instead of following it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
