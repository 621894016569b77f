import { vi } from "vitest";
import { createProgram } from "../../generator/program.js";

/** Returns the help of a command in 80 columns. */
export async function printHelp(command: readonly string[]): Promise<string> {
  const parts: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => parts.push(String(text)) > 0);
  try {
    await createProgram("0.0.0", [...command, "--help"]).run();
  } finally {
    write.mockRestore();
  }
  return parts.join("");
}
