import { PassThrough, Readable } from "node:stream";
import { expect, it, onTestFinished, vi } from "vitest";
import { confirm } from "../../generator/commands/ask.js";

/** Answers a question with a text on standard input; returns the answer and what was printed. */
async function ask(
  input: Readable,
  fallback: boolean,
): Promise<{ answer: boolean | undefined; printed: string }> {
  const before = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};
  Object.defineProperty(process, "stdin", { value: input, configurable: true });
  const parts: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((text) => parts.push(String(text)) > 0);
  onTestFinished(() => {
    Object.defineProperty(process, "stdin", before);
    write.mockRestore();
  });
  const answer = await confirm("Write it?", fallback);
  return { answer, printed: parts.join("") };
}

it.each([
  { typed: "y\n", fallback: false, want: true },
  { typed: "YES\n", fallback: false, want: true },
  { typed: "no\n", fallback: true, want: false },
  { typed: "\n", fallback: true, want: true },
  { typed: "\n", fallback: false, want: false },
  { typed: "", fallback: true, want: false },
])("understands $typed with the default $fallback", async ({ typed, fallback, want }) => {
  const { answer, printed } = await ask(Readable.from([Buffer.from(typed)]), fallback);
  expect(answer).toBe(want);
  expect(printed).toContain(`Write it? ${fallback ? "(Y/n)" : "(y/N)"} `);
});

it("asks again after any other answer, also if lines were typed ahead", async () => {
  const input = new PassThrough();
  input.write("maybe\nn\n");
  const { answer, printed } = await ask(input, true);
  expect(answer).toBe(false);
  expect(printed).toContain("Answer y or n.\n");
});
