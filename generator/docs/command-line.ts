import { blocks, fence } from "./markdown.js";

/** Prints the help of a command: `["import", "dlt"]`. */
export type PrintHelp = (command: readonly string[]) => Promise<string>;

/** `command-line.md`: the commands' own help. */
export async function renderCommandLine(printHelp: PrintHelp): Promise<string> {
  const root = await printHelp([]);
  const commands = await listCommands([], root, printHelp);
  const sections = commands.map(([command, help]) =>
    blocks(`## \`connector-gen ${command.join(" ")}\``, fence("text", help)),
  );
  return blocks(
    "# Command line",
    "Diagnostics go to standard error, with `--json` as one JSON document; what a command makes goes to standard output or into files. Exit codes: 0 fine, 1 findings, 2 wrong usage or failure of the tool, 130 interrupted.",
    fence("text", root),
    ...sections,
  );
}

type Command = readonly [words: readonly string[], help: string];

/** All commands that do something, in the order of their parents' help. */
async function listCommands(
  parent: readonly string[],
  help: string,
  printHelp: PrintHelp,
): Promise<readonly Command[]> {
  const [, list = ""] = /^Commands:\n((?: .*\n?)*)/m.exec(help) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z][\w-]*)/gm)].flatMap(([, name]) => name ?? []);
  const commands: Command[] = [];
  for (const name of names.filter((each) => each !== "help")) {
    const words = [...parent, name];
    const whole = await printHelp(words);
    // The root's help has them. Only that section goes: a group's commands come after it.
    const text = whole.replace(/\nGlobal Options:\n(?: .*\n)*/, "");
    const inner = await listCommands(words, whole, printHelp);
    commands.push(...(inner.length > 0 ? inner : [[words, text] as const]));
  }
  return commands;
}
