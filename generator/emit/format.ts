import type { Statement } from "./layout.js";
import { lineWidth } from "./print-value.js";

/** Options of prettier. They are explicit, so no configuration file changes the output. */
interface FormatOptions {
  /** `babel-ts` prints the same as `typescript` in half the time. */
  readonly parser: "babel-ts" | "json";
  readonly printWidth: number;
}

/** Formats a text with prettier. */
export async function formatText(text: string, options: FormatOptions): Promise<string> {
  // Most modules do not need prettier, so nothing loads it before it is used.
  const [{ format }, babel, estree] = await Promise.all([
    import("prettier/standalone"),
    import("prettier/plugins/babel"),
    import("prettier/plugins/estree"),
  ]);
  return await format(text, { ...options, plugins: [babel, estree], endOfLine: "lf" });
}

/**
 * Formats a module with prettier's defaults. Formats statement by statement, because prettier is slow and most statements
 * are simple: only those that `layOutStatement` cannot lay out go to prettier.
 */
export async function formatModule(statements: readonly Statement[]): Promise<string> {
  const formatted: string[] = [];
  for (const { text, laidOut } of statements)
    formatted.push(
      laidOut ?? (await formatText(text, { parser: "babel-ts", printWidth: lineWidth })).trimEnd(),
    );
  return `${formatted.join("\n\n")}\n`;
}
