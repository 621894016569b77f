import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { JsonObject, JsonValue } from "@connector-gen/runtime";
import { lineWidth } from "../spec/print-json.js";
import { formatText } from "../emit/format.js";
import { writeWhole } from "../output/files.js";
import { checkFolder, makeFolder } from "../output/folder.js";

/** Returns the problem with the name of a new spec, which is also that of its file. */
export function checkSpecName(name: string): string | undefined {
  if (/^[A-Za-z0-9][\w-]{0,99}$/.test(name)) return undefined;
  return `invalid name ${JSON.stringify(name)}: use at most 100 letters, digits, "_" and "-", and start with a letter or digit`;
}

/** Formats a spec as people write it, short objects and lists on one line, with `$schema` for a file in a folder. */
export async function formatSpec(spec: JsonObject, folder: string): Promise<string> {
  const whole = { $schema: schemaPath(folder), ...spec };
  return await formatText(openObjects(whole), { parser: "json", printWidth: lineWidth });
}

const schemaFile = "node_modules/connector-gen/schema.json";

/**
 * Returns the path of the spec language's JSON Schema, relative to a folder. In a monorepo, the package may be installed above
 * the working folder.
 */
export function schemaPath(folder: string): string {
  const path = relative(folder, findInstalled(resolve(folder)) ?? schemaFile).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Returns the JSON Schema of the nearest installed package, from a folder upwards. */
function findInstalled(folder: string): string | undefined {
  const file = join(folder, schemaFile);
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder ? undefined : findInstalled(parent);
}

/** Inserts a line break into the spec, its client and its resources, so that prettier expands these objects. */
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

/** Returns the message about a file that `writeNewSpec` does not replace. */
export function existsMessage(path: string): string {
  return `connector-gen: ${path} exists; --force overwrites it`;
}

/** A spec to write. */
export interface NewSpec {
  readonly path: string;
  readonly text: string;
  /** Whether it replaces an existing file. */
  readonly isForced: boolean;
  /** The option that chose the folder, for errors. */
  readonly option: "-o" | "--dir";
}

/** Writes a new spec, and creates its folder. Resolves to false if the file exists. */
export async function writeNewSpec({ path, text, isForced, option }: NewSpec): Promise<boolean> {
  const folder = dirname(path);
  checkFolder(folder, option);
  await makeFolder(folder);
  if (isForced) {
    await writeWhole(path, text);
    return true;
  }
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
