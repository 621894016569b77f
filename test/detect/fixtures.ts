import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runDetect, type DetectFlags } from "../../generator/commands/detect.js";
import type { Terminal } from "../../generator/commands/terminal.js";

/** A finding in the output of `--json`. */
export interface JsonFinding {
  readonly key: string;
  readonly value?: unknown;
  readonly confidence: string;
  readonly reasons: readonly string[];
  readonly alternatives: readonly { readonly value: unknown }[];
}

/** A resource in the output of `--json`. */
export interface JsonReport {
  readonly name: string;
  readonly findings: readonly JsonFinding[];
  readonly problem?: string;
}

/** Exit code and output of a run. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, without a terminal. */
export async function detect(file: string, flags: DetectFlags = {}, json = false): Promise<Run> {
  let stdout = "";
  let stderr = "";
  const printError = (text: string): void => void (stderr += `${text}\n`);
  const terminal: Terminal = {
    isJson: json,
    isQuiet: false,
    isInteractive: false,
    color: false,
    print: (text) => void (stdout += text),
    info: (text) => {
      if (!json) printError(text);
    },
    warn: printError,
    misuse: (problem) => {
      printError(problem);
      return 2;
    },
    report: (diagnostics) => diagnostics.forEach(({ message }) => printError(message)),
    reportJson: (document) => {
      if (json) printError(JSON.stringify(document));
    },
    fail: (error) => printError(String(error)),
    close: () => undefined,
    style: (_, text) => text,
  };
  const code = await runDetect(terminal, file, flags);
  return { code, stdout, stderr };
}

/** Runs the command with `--json` and returns the reports of its resources. */
export async function detectJson(file: string, flags: DetectFlags = {}): Promise<readonly JsonReport[]> {
  const { stdout } = await detect(file, flags, true);
  return (JSON.parse(stdout) as { resources: readonly JsonReport[] }).resources;
}

/** Writes a temporary file for one test. */
export function file(name: string, content: string | object): string {
  const folder = mkdtempSync(join(tmpdir(), "connector-gen-detect-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return path;
}

/** Reads a file. */
export function read(path: string): string {
  return readFileSync(path, "utf8");
}

/** A record of the test APIs. */
export interface Order {
  readonly id: number;
  readonly status: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Creates orders with consecutive ids. */
export function orders(first: number, last: number): Order[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const id = first + index;
    const day = String((id % 27) + 1).padStart(2, "0");
    return {
      id,
      status: "open",
      created_at: `2024-01-${day}T00:00:00Z`,
      updated_at: `2024-02-${day}T00:00:00Z`,
    };
  });
}

/** Creates a spec with one resource, `orders`, and additional keys of its endpoint. */
export function specOf(url: string, endpoint: object = {}): object {
  return {
    name: "shop",
    client: { base_url: url },
    resources: [{ name: "orders", endpoint: { path: "/orders", ...endpoint } }],
  };
}
