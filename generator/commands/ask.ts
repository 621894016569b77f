import { createInterface } from "node:readline";

/**
 * Asks a yes-or-no question on standard error until the answer is one of both. An empty answer is the default. Resolves to
 * `undefined` after Ctrl-C; the end of the input means no.
 */
export async function confirm(question: string, fallback: boolean): Promise<boolean | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<boolean | undefined>((resolve) => {
      // Events instead of `question`, which drops lines that were typed ahead.
      lines.on("line", (line) => {
        const answer = line.trim();
        if (answer === "") resolve(fallback);
        else if (/^(y|yes|n|no)$/i.test(answer)) resolve(/^y/i.test(answer));
        else {
          process.stderr.write("Answer y or n.\n");
          lines.prompt();
        }
      });
      lines.on("SIGINT", () => resolve(undefined));
      lines.on("close", () => resolve(false));
      lines.setPrompt(`${question} ${fallback ? "(Y/n)" : "(y/N)"} `);
      lines.prompt();
    });
  } finally {
    lines.close();
  }
}
