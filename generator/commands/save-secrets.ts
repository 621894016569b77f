import { appendFile, readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { confirm } from "./ask.js";
import type { Terminal } from "./terminal.js";

/** Values by the name of their environment variable. */
export type Variables = Readonly<Record<string, string>>;

/** The file for secrets in the current folder. */
const file = ".env";

/**
 * Offers to write secrets into `.env`, the only file that may hold them. Leaves out variables that the environment or
 * the file already has. Resolves to whether the file has all of them, or to `undefined` after Ctrl-C.
 */
export async function offerSecrets(terminal: Terminal, secrets: Variables): Promise<boolean | undefined> {
  const before = (await readText(file)) ?? "";
  const known = parseEnv(before);
  const missing = Object.entries(secrets).filter(
    ([name]) => process.env[name] === undefined && known[name] === undefined,
  );
  if (missing.length === 0) return false;
  const names = missing.map(([name]) => name).join(" and ");
  const answer = await confirm(`Write ${names} to ${file}?`, false);
  if (!answer) return answer;
  const lines = missing.map(([name, value]) => `${name}=${quote(value)}\n`).join("");
  const lead = before === "" || before.endsWith("\n") ? "" : "\n";
  await appendFile(file, lead + lines, { mode: 0o600 });
  terminal.info(`Wrote ${names} to ${file}.`);
  const ignored = (await readText(".gitignore")) ?? "";
  if (!/^\/?\.env\*?$/m.test(ignored)) terminal.info(`Add ${file} to .gitignore: it holds secrets.`);
  return true;
}

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
}

function quote(value: string): string {
  if (/^[\w.~+/:@-]+$/.test(value)) return value;
  return (
    ["'", '"', "`"].map((mark) => (value.includes(mark) ? "" : mark + value + mark)).find(Boolean) ?? value
  );
}
