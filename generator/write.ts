import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** A file that a run wants in the output folder. */
export interface OutputFile {
  /** A plain file name: no folders. */
  readonly name: string;
  readonly text: string;
  /** Base name of the spec it comes from. */
  readonly spec: string;
}

/** What becomes of one file of the output folder. */
export interface FileChange {
  readonly name: string;
  readonly status: "created" | "updated" | "unchanged" | "removed" | "refused";
  /** With `refused`: why, and how to mend it. */
  readonly reason?: string;
  /** The text on disk, if there is one. */
  readonly before?: string;
  /** The text it should have; absent when it is to be removed. */
  readonly after?: string;
}

/** The files of an output folder that this tool wrote, with their hashes. */
interface Manifest {
  readonly files: Readonly<Record<string, { readonly spec: string; readonly sha256: string }>>;
}

const manifestName = ".connector-gen.json";

/**
 * Compares the wanted files with those in the folder. Only files that this tool wrote and nobody edited since are
 * ever replaced or removed; `force` lets edited ones go too.
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
  const reason = own ? "it was edited since it was generated" : "connector-gen did not write it";
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
  const reason = "its spec no longer makes it, but it was edited since; --force removes it";
  return { name, status: "refused", reason, before };
}

/** Carries out a plan, each file whole or not at all, and takes the outcome down in the manifest. */
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
    // A broken manifest vouches for nothing: every differing file is refused until `--force`.
    return { files: {} };
  }
}

/** Git may check files out with CRLF; that is no edit. */
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

/** Writes beside the target and moves into place: nobody ever sees half a file, and a link is replaced, not followed. */
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
