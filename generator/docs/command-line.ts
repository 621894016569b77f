import { blocks, fence, jsonBlock } from "./markdown.js";

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
    "Diagnostics go to standard error, with `--json` as one JSON document, whose `messages` are the problems without a position; results go to standard output or into files. Exit codes: 0 success, 1 findings, 2 wrong usage or tool failure, 130 interrupted.",
    fence("text", root),
    ...sections,
    "## Specs in `package.json`",
    projectText,
    "## Limits",
    limitsText,
    "## The output folder",
    filesText,
  );
}

const projectText = blocks(
  "Without specs, `generate`, `check`, `validate` and `mock` read the key `connectorGen` of the nearest `package.json`, from the working folder upward:",
  jsonBlock({ connectorGen: { specs: ["specs/*.json"], output: "generated" } }),
  "`specs` are paths, or patterns with `*`, `?` and `**` for any number of folders; `output` is the output folder, by default `generated`. Both are relative to the folder of `package.json`. `-o` overrides `output`. With specs on the command line, the key is not read. `generate --watch` notices changes of the key.",
  "Anyone who can change the repository can write the key. It can name only files and folders below that of `package.json`: `..`, absolute paths and symbolic links that lead out are the error `invalid-project`, as are hidden files and folders, `node_modules`, unknown keys, and specs that do not end in `.json`, `.jsonc`, `.yaml` or `.yml`. Patterns skip hidden files and `node_modules`, and do not follow links to folders.",
);

const limitsText = blocks(
  "A spec in JSON has at most 64 million characters and 3 million values, one in YAML 16 million and 200,000. Both have at most 64 levels and 200 reported problems; a key at most 500 characters, a name 200, a selector 5,000, and a text a million. Schemas lead through at most 16 references in a row that define one schema as another. Each limit has a diagnostic that states it.",
  "A command whose reader has ended, as in `connector-gen schema | head`, ends quietly, with its own exit code. `generate` still writes its files; `mock` and `--watch` end as after Ctrl-C.",
);

const filesText = blocks(
  "`generate` writes `<name>.ts` and `<name>.schemas.ts`, and the manifest `.connector-gen.json`, which names the spec of each module. Commit all of them. It changes all files or none, each atomically, and only if their content changes.",
  "The header of a module holds a hash of its content. `generate` replaces and removes only files whose hash shows that nobody edited them; for others, it needs `--force`. A module is an orphan if its spec no longer generates it, or if no file of the repository has the name of its spec: `check` exits with 1, and `generate` removes it. `check` shows no text of a file without that header, because it may be secret.",
  "Concurrent runs wait for each other by means of the lock `.connector-gen.lock`. A run that was killed may leave the lock, a temporary file, or modules that the manifest does not describe yet. The next run repairs all of them. If the manifest is lost or damaged, delete it: `generate` recognises its modules by their headers and writes it again.",
  "Anyone who can change the repository can write these files, so the commands trust none of them. A manifest that names anything except modules is the error `invalid-manifest`. In place of a module or the manifest, symbolic links, FIFOs, devices, folders and files over 64 MB are neither read nor written; `--force` replaces them, except folders. A path below the working folder that leads out of it by a symbolic link is refused, for specs and the output folder. A spec that is a symbolic link must link to a file with the same extension.",
);

type Command = readonly [words: readonly string[], help: string];

/** Lists all commands that can be run, in the order of the help. */
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
    // The help of the root command lists the global options. Remove only this section, because a group's commands follow it.
    const text = whole.replace(/\nGlobal Options:\n(?: .*\n)*/, "");
    const inner = await listCommands(words, whole, printHelp);
    commands.push(...(inner.length > 0 ? inner : [[words, text] as const]));
  }
  return commands;
}
