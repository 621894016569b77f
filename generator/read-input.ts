import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
} from "node:fs";
import { extname } from "node:path";
import { checkInside } from "./output/folder.js";

/** Maximum size of an input, in bytes. Specs have a lower limit, in characters. */
const maxBytes = 64 * 1024 * 1024;

/** Reads a text file in UTF-8, or standard input if the path is `-`. Throws for other files, as `readBytes` does. */
export async function readInput(path: string): Promise<string> {
  const content = await readBytes(path);
  const invalid = findInvalid(content);
  if (!invalid) return content.toString("utf8");
  const what = path === "-" ? "standard input" : path;
  throw new Error(`${what}:${invalid.line}:${invalid.column} is not UTF-8: save the file in this encoding`);
}

/**
 * Reads a file, or standard input if the path is `-`. Throws for anything except a regular file of at most 64 MB. Also
 * throws for a symbolic link whose target is not an input, because messages quote the input, and a link could name any
 * file.
 */
export async function readBytes(path: string): Promise<Buffer> {
  if (path === "-") return await readAll(process.stdin, "standard input");
  if (path === "") throw new Error("the path of a file is empty");
  // The process's own descriptors are FIFOs too: `connector-gen validate <(jq . spec.json)`.
  const isDescriptor = /^\/dev\/(?:stdin|fd\/\d+)$/.test(path);
  if (!isDescriptor) checkLink(path);
  const file = openSync(path, isDescriptor ? "r" : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw new Error(`${path} is a folder: pass a file`);
    if (!stats.isFile() && !isDescriptor)
      throw new Error(`${path} is not a regular file; - reads standard input`);
    if (stats.size > maxBytes) throw tooLarge(path);
    if (!stats.isFile()) return await readAll(createReadStream(path, { fd: file, autoClose: false }), path);
    // The file may have grown since.
    const content = readFileSync(file);
    if (content.length > maxBytes) throw tooLarge(path);
    return content;
  } finally {
    closeSync(file);
  }
}

async function readAll(chunks: AsyncIterable<unknown>, what: string): Promise<Buffer> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    read.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw tooLarge(what);
  }
  return Buffer.concat(read);
}

/** Returns the position of the first byte that is not UTF-8. Other encodings would silently change names and texts. */
export function findInvalid(content: Buffer): { readonly line: number; readonly column: number } | undefined {
  if (isUtf8(content)) return undefined;
  // Each invalid byte decodes to U+FFFD.
  const lines = (content.toString("utf8").split("\ufffd", 1)[0] ?? "").split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

function tooLarge(what: string): Error {
  return new Error(`${what} is too large: the limit is ${maxBytes / 1024 / 1024} MB`);
}

/** Throws if a path leads out of the working folder by a link, or is a link to a file of another kind. */
function checkLink(path: string): void {
  checkInside(path);
  if (!lstatSync(path).isSymbolicLink()) return;
  const target = realpathSync.native(path);
  if (kindOf(target) === kindOf(path)) return;
  throw new Error(`${path} is a symbolic link to a file of another kind: pass ${target} if you mean it`);
}

/** Returns the kind of a file by its extension. All extensions of YAML are one kind, and so are those of JSON. */
function kindOf(path: string): string {
  const extension = extname(path).toLowerCase();
  return { ".yml": ".yaml", ".jsonc": ".json" }[extension] ?? extension;
}
