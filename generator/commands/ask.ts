import { createInterface } from "node:readline/promises";

/**
 * Asks a yes-or-no question on standard error until the answer is one of both. An empty answer is the default. Resolves to
 * `undefined` after Ctrl-C; the end of the input means no.
 */
export async function confirm(question: string, fallback: boolean): Promise<boolean | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<false | undefined>((resolve) => {
    lines.on("SIGINT", () => resolve(undefined));
    lines.on("close", () => resolve(false));
  });
  const ask = async (): Promise<boolean> => {
    for (;;) {
      const answer = (await lines.question(`${question} ${fallback ? "(Y/n)" : "(y/N)"} `)).trim();
      if (answer === "") return fallback;
      if (/^(y|yes|n|no)$/i.test(answer)) return /^y/i.test(answer);
      process.stderr.write("Answer y or n.\n");
    }
  };
  try {
    return await Promise.race([ask().catch(() => false), ended]);
  } finally {
    lines.close();
  }
}
