import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnostic } from "../diagnostics.js";
import { readOwnFile, writeWhole } from "./files.js";
import { checkFolder, makeFolder } from "./folder.js";
import { lockName, withLock } from "./lock.js";
import { manifestName, printManifest, readManifest, type Entry, type Manifest } from "./manifest.js";
import { hashText, hasHeader, isUnedited } from "./stamp.js";

/** A generated file for the output folder. */
export interface OutputFile {
  /** File name without a folder. */
  readonly name: string;
  /** The module, with the hash of its content in the header. */
  readonly text: string;
  /** Base name of the spec that generates the file. */
  readonly spec: string;
}

/** A change of one file in the output folder, planned or made. */
export interface FileChange {
  readonly name: string;
  readonly status: "created" | "updated" | "unchanged" | "removed" | "refused";
  /** With `refused`: why the change was refused and how to force it. With `removed`: why the module is removed. */
  readonly reason?: string;
  /** Current text on disk. Absent if there is no file, or if connector-gen did not write it: such text is not shown. */
  readonly before?: string;
  /** New text; absent if the file is to be removed. */
  readonly after?: string;
}

/** Returns those of the specs that no longer exist, by their base names. */
export type FindGone = (specs: readonly string[]) => Promise<ReadonlySet<string>>;

/** Options of `updateFolder`. */
export interface UpdateOptions {
  /** `write` makes the changes; `plan` only returns them. */
  readonly mode: "write" | "plan";
  /** Overwrites and removes files that were edited or that connector-gen did not write. */
  readonly force: boolean;
  /** Finds the specs of modules to remove, among those that generate none of the files. Default: none. */
  readonly findGone?: FindGone | undefined;
}

/** The changes of an output folder. */
export interface FolderUpdate {
  readonly changes: readonly FileChange[];
  /** Problems of the manifest. If there are any, nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
  /** The manifest's file and text, for code frames. */
  readonly manifest: { readonly file: string; readonly text?: string };
}

/**
 * Compares the generated files with those in the folder, and makes the changes. A file is replaced or removed only if
 * connector-gen wrote it and nobody has edited it since, unless `force` is true. Changes all files or none.
 *
 * The order of writing lets the next run repair what an interrupted one left behind: first the manifest names the new
 * files, then the modules are written and removed, and last the manifest gets their hashes. The content hash in a
 * module's header proves that connector-gen wrote it, whatever the manifest says.
 */
export async function updateFolder(
  folder: string,
  files: readonly OutputFile[],
  options: UpdateOptions,
): Promise<FolderUpdate> {
  checkFolder(folder);
  const first = await plan(folder, files, options);
  if (options.mode === "plan" || isBlocked(first) || !(await needsWriting(folder, first))) return first;
  await makeFolder(folder);
  return await withLock(folder, async () => {
    // Another run may have changed the folder while this one waited.
    const now = await plan(folder, files, options);
    if (!isBlocked(now)) await apply(folder, now);
    return now;
  });
}

interface Plan extends FolderUpdate {
  /** The entries of the manifest, before and after the update. */
  readonly entries: { readonly before: Manifest; readonly after: Manifest };
}

function isBlocked({ changes, diagnostics }: FolderUpdate): boolean {
  return diagnostics.length > 0 || changes.some(({ status }) => status === "refused");
}

async function plan(
  folder: string,
  files: readonly OutputFile[],
  { force, findGone }: UpdateOptions,
): Promise<Plan> {
  const { manifest, text, file, diagnostics } = readManifest(folder);
  const names = new Set(files.map(({ name }) => name));
  const specs = new Set(files.map(({ spec }) => spec));
  const others = new Set([...manifest.values()].map(({ spec }) => spec).filter((spec) => !specs.has(spec)));
  const gone = others.size > 0 ? await findGone?.([...others]) : undefined;
  const orphans = [...manifest].filter(
    ([name, { spec }]) => !names.has(name) && (specs.has(spec) || gone?.has(spec)),
  );
  const isValid = diagnostics.length === 0;
  const wanted = isValid
    ? files.map((each) => planFile(folder, each, { entry: manifest.get(each.name), force }))
    : [];
  const removed = orphans.map(([name, entry]) =>
    planRemoval(folder, name, { entry, force, isGone: !specs.has(entry.spec) }),
  );
  const after = new Map([...manifest].filter(([name]) => !orphans.some(([orphan]) => orphan === name)));
  for (const { name, spec, text: module } of files) after.set(name, { spec, sha256: hashText(module) });
  return {
    changes: [...wanted, ...removed.filter((change) => change !== undefined)],
    diagnostics,
    manifest: { file, ...(text !== undefined && { text }) },
    entries: { before: manifest, after },
  };
}

interface Known {
  readonly entry: Entry | undefined;
  readonly force: boolean;
}

interface Orphan extends Known {
  readonly entry: Entry;
  /** Whether the spec no longer exists. */
  readonly isGone: boolean;
}

function planFile(folder: string, { name, text }: OutputFile, { entry, force }: Known): FileChange {
  const found = readOwnFile(join(folder, name));
  if (found.kind === "missing") return { name, status: "created", after: text };
  if (found.kind === "refused") {
    if (force && found.canReplace) return { name, status: "updated", after: text };
    const remedy = found.canReplace ? "--force replaces it" : "move it away";
    return { name, status: "refused", reason: `it is ${found.what}; ${remedy}`, after: text };
  }
  const before = found.text;
  if (before === text) return { name, status: "unchanged", before, after: text };
  const shown = hasHeader(before) ? { before } : {};
  if (force || isOwn(before, entry)) return { name, status: "updated", ...shown, after: text };
  const reason = hasHeader(before) ? describeEdit(before, text) : "connector-gen did not write it";
  return { name, status: "refused", reason: `${reason}; --force overwrites it`, ...shown, after: text };
}

/** Says how a module differs from the one that connector-gen wrote, if that needs another remedy than an edit. */
function describeEdit(before: string, after: string): string {
  if (/^<{7}(?: |$)/m.test(before)) return "it has a merge conflict";
  const withoutLayout = (text: string): string => text.replaceAll(/[\s;,"'()]/g, "");
  return withoutLayout(before) === withoutLayout(after)
    ? "it was formatted after it was generated: exclude it from the formatter"
    : "it was edited after it was generated";
}

function planRemoval(folder: string, name: string, { entry, force, isGone }: Orphan): FileChange | undefined {
  const found = readOwnFile(join(folder, name));
  if (found.kind === "missing") return undefined;
  const orphan = isGone ? `its spec ${entry.spec} does not exist` : "its spec no longer generates it";
  if (found.kind === "refused")
    return { name, status: "refused", reason: `${orphan}, but it is ${found.what}; delete it` };
  const before = found.text;
  if (!hasHeader(before)) {
    const reason = `${orphan}, but connector-gen did not write it; delete it, or remove it from ${manifestName}`;
    return { name, status: "refused", reason };
  }
  if (force || isOwn(before, entry)) return { name, status: "removed", reason: orphan, before };
  const reason = `${orphan}, but it was edited after it was generated; --force removes it`;
  return { name, status: "refused", reason, before };
}

/**
 * Whether connector-gen wrote a module and nobody has edited it. For modules of earlier versions, only the manifest has a
 * hash.
 */
function isOwn(text: string, entry: Entry | undefined): boolean {
  return hasHeader(text) && (isUnedited(text) || entry?.sha256 === hashText(text));
}

/**
 * Temporary files of killed runs, and locks that were about to be created or removed. A run that waits for the lock may create and
 * remove such a file, but does not depend on it.
 */
const leftover = /^\.connector-gen(?:-[\da-f]{8}\.tmp|\.lock\.[\da-f]{8})$/;

async function needsWriting(folder: string, { changes, manifest, entries }: Plan): Promise<boolean> {
  if (changes.some(({ status }) => status !== "unchanged")) return true;
  if (manifest.text !== printManifest(entries.after)) return true;
  return (await readdir(folder)).some((name) => name === lockName || leftover.test(name));
}

async function apply(folder: string, { changes, manifest, entries }: Plan): Promise<void> {
  for (const name of await readdir(folder))
    if (leftover.test(name)) await rm(join(folder, name), { force: true });
  const write = (name: string, text: string): Promise<void> =>
    writeWhole(
      join(folder, name),
      text,
      join(folder, `.connector-gen-${randomBytes(4).toString("hex")}.tmp`),
    );
  const during = printManifest(merge(entries.before, entries.after));
  if (during !== printManifest(entries.before)) await write(manifestName, during);
  const removed = changes.filter(({ status }) => status === "removed");
  // Removal comes first: on a case-insensitive file system, `LMS.ts` and `lms.ts` are the same file.
  for (const { name } of removed) await rm(join(folder, name), { force: true });
  for (const { name, status, after: text } of changes)
    if ((status === "created" || status === "updated") && text !== undefined) await write(name, text);
  const after = printManifest(entries.after);
  if (manifest.text !== after || during !== after) await write(manifestName, after);
}

/** Returns the entries of both manifests. A file in both keeps its old hash until it is written. */
function merge(before: Manifest, after: Manifest): Manifest {
  const merged = new Map([...after, ...before]);
  const names = new Set([...after.keys()].map((name) => name.toLowerCase()));
  for (const name of before.keys())
    if (!after.has(name) && names.has(name.toLowerCase())) merged.delete(name);
  return merged;
}
