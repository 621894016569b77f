import { Readable } from "node:stream";
import { createProgram } from "../../generator/program.js";
import { root } from "./paths.js";

/** The result of a command. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of a command's start. */
export interface Start {
  readonly cwd?: string;
  readonly stdin?: string;
  /** Whether standard input and standard error are those of a terminal. */
  readonly isTerminal?: true;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the output so far after every write. Returns whether to interrupt the command. */
  readonly interruptWhen?: (output: string) => boolean;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line from its sources in this process, as `generator/cli.ts` does. Commands run one at a time, because
 * they share the process's streams, folder and environment.
 */
export function runCommand(args: readonly string[], start: Start = {}): Promise<Ended> {
  const run = last.then(() => runAlone(args, start));
  last = run.catch(() => undefined);
  return run;
}

async function runAlone(
  args: readonly string[],
  { cwd = root, stdin, env, isTerminal, interruptWhen }: Start,
): Promise<Ended> {
  const listeners = new Set(process.listeners("SIGINT"));
  const output = { stdout: "", stderr: "" };
  const onWrite = (): void => {
    if (!interruptWhen?.(output.stdout + output.stderr)) return;
    // Only the command's listeners: the test runner listens too.
    for (const listener of process.listeners("SIGINT")) if (!listeners.has(listener)) listener("SIGINT");
  };
  const restore = [
    enterFolder(cwd),
    setEnvironment(env),
    replaceInput(stdin),
    ...(isTerminal ? [pretend(process.stdin), pretend(process.stderr)] : []),
    ...(["stdout", "stderr"] as const).map((name) =>
      capture(name, (text) => {
        output[name] += text;
        onWrite();
      }),
    ),
  ];
  try {
    const code = await createProgram("0.0.0", args).run();
    return { code, ...output };
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}

function enterFolder(folder: string): () => void {
  const before = process.cwd();
  process.chdir(folder);
  return () => process.chdir(before);
}

function setEnvironment(env: Start["env"]): () => void {
  const before = process.env;
  // The test runner's colour settings must not affect the command.
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = before;
  process.env = { ...inherited, ...env };
  return () => (process.env = before);
}

function replaceInput(text = ""): () => void {
  const before = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};
  Object.defineProperty(process, "stdin", { value: Readable.from([Buffer.from(text)]), configurable: true });
  return () => void Object.defineProperty(process, "stdin", before);
}

function pretend(stream: { isTTY?: boolean }): () => void {
  const before = Object.getOwnPropertyDescriptor(stream, "isTTY");
  Object.defineProperty(stream, "isTTY", { value: true, configurable: true });
  return () => {
    if (before) Object.defineProperty(stream, "isTTY", before);
    else delete stream.isTTY;
  };
}

function capture(name: "stdout" | "stderr", onText: (text: string) => void): () => void {
  const stream = process[name];
  const write = stream.write.bind(stream);
  stream.write = (chunk: string | Uint8Array): boolean => {
    onText(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
    return true;
  };
  return () => (stream.write = write);
}
