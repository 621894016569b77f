import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** A question on a terminal. */
export interface Question {
  readonly text: string;
  /** Whether the answer is not shown. */
  readonly isSecret?: true;
  /** Returns the problem with an answer, if there is one. The question is then asked again. */
  readonly check?: (answer: string) => string | undefined;
}

/** Lines that were typed before their questions appeared. */
const typedAhead: string[] = [];

/**
 * Asks a question on standard error until the answer is valid. Resolves to `undefined` after Ctrl-C, and to `null` at the
 * end of the input.
 */
export async function ask({ text, isSecret, check }: Question): Promise<string | undefined | null> {
  const isHidden = isSecret === true && process.stdin.isTTY;
  const output = isHidden ? new Writable({ write: (_, __, done) => done() }) : process.stderr;
  const lines = createInterface({ input: process.stdin, output, ...(isHidden && { terminal: true }) });
  try {
    return await new Promise<string | undefined | null>((resolve) => {
      let isAnswered = false;
      const take = (line: string): void => {
        const answer = line.trim();
        const problem = check?.(answer);
        if (isAnswered) typedAhead.push(line);
        else if (problem === undefined) {
          isAnswered = true;
          resolve(answer);
        } else {
          process.stderr.write(`${problem}\n`);
          prompt();
        }
      };
      const prompt = (): void => {
        if (isHidden) process.stderr.write(`${text} `);
        lines.setPrompt(`${text} `);
        lines.prompt();
        const next = typedAhead.shift();
        if (next !== undefined) take(next);
      };
      // `question` would drop lines that were typed ahead.
      lines.on("line", take);
      lines.on("SIGINT", () => resolve(undefined));
      lines.on("close", () => resolve(null));
      prompt();
    });
  } finally {
    lines.close();
    if (isHidden) process.stderr.write("\n");
  }
}

/**
 * Asks a yes-or-no question until the answer is yes or no. An empty answer means the default. Resolves to `undefined` after
 * Ctrl-C; the end of the input means no.
 */
export async function confirm(question: string, fallback: boolean): Promise<boolean | undefined> {
  const answer = await ask({
    text: `${question} ${fallback ? "(Y/n)" : "(y/N)"}`,
    check: (text) => (/^(y|yes|n|no)?$/i.test(text) ? undefined : "Answer y or n."),
  });
  if (answer === undefined) return undefined;
  return answer === "" ? fallback : /^y/i.test(answer ?? "n");
}
