import { isUtf8 } from "node:buffer";
import { constants } from "node:fs";
import { lstat, open, realpath } from "node:fs/promises";
import { extname } from "node:path";
import { checkInside } from "./output/folder.js";

/** Maximum size of an input, in bytes. Specs have a lower limit, in characters. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a text file, or standard input if the path is `-`. Throws for anything except a regular file of at most 64 MB in
 * UTF-8.
 * Also throws for a symbolic link whose target is not an input, because messages quote the input, and a link could name
 * any file.
 */
export async function readInput(path: string): Promise<string> {
  if (path === "-") return await readAll(process.stdin, "standard input");
  if (path === "") throw new Error("the path of a file is empty");
  // The process's own descriptors are FIFOs too: `connector-gen validate <(jq . spec.json)`.
  const isDescriptor = /^\/dev\/(?:stdin|fd\/\d+)$/.test(path);
  if (!isDescriptor) await checkLink(path);
  const file = await open(path, isDescriptor ? "r" : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new Error(`${path} is a folder: pass a file`);
    if (!stats.isFile() && !isDescriptor)
      throw new Error(`${path} is not a regular file; - reads standard input`);
    if (stats.size > maxBytes) throw tooLarge(path);
    if (!stats.isFile()) return await readAll(file.createReadStream({ autoClose: false }), path);
    // The file may have grown since.
    const content = await file.readFile();
    if (content.length > maxBytes) throw tooLarge(path);
    return decode(content, path);
  } finally {
    await file.close();
  }
}

async function readAll(chunks: AsyncIterable<unknown>, what: string): Promise<string> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    read.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw tooLarge(what);
  }
  return decode(Buffer.concat(read), what);
}

/** Decodes UTF-8. Other encodings are an error, because they would silently change names and texts. */
function decode(content: Buffer, what: string): string {
  if (isUtf8(content)) return content.toString("utf8");
  // Each invalid byte decodes to U+FFFD.
  const before = content.toString("utf8").split("\ufffd", 1)[0] ?? "";
  const lines = before.split("\n");
  const place = `${what}:${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
  throw new Error(`${place} is not UTF-8: save the file in this encoding`);
}

function tooLarge(what: string): Error {
  return new Error(`${what} is too large: the limit is ${maxBytes / 1024 / 1024} MB`);
}

/** Throws if a path leads out of the working folder by a link, or is a link to a file of another kind. */
async function checkLink(path: string): Promise<void> {
  await checkInside(path);
  if (!(await lstat(path)).isSymbolicLink()) return;
  const target = await realpath(path);
  if (kindOf(target) === kindOf(path)) return;
  throw new Error(`${path} is a symbolic link to a file of another kind: pass ${target} if you mean it`);
}

/** Returns the kind of a file by its extension. All extensions of YAML are one kind, and so are those of JSON. */
function kindOf(path: string): string {
  const extension = extname(path).toLowerCase();
  return { ".yml": ".yaml", ".jsonc": ".json" }[extension] ?? extension;
}
