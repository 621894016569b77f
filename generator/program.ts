import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { createTerminal, type Terminal, type TerminalOptions } from "./commands/terminal.js";

/** The command line, ready to run. */
export interface Program {
  /** The declared commands; a group holds its own. */
  readonly commands: readonly Command[];
  /** Resolves to the exit code: 0 fine, 1 findings, 2 wrong usage or failure of the tool, 130 interrupted. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

/** Declares the commands. Each loads its own code when it is called. */
export function createProgram(version: string): Program {
  let exitCode = 0;
  const program = new Command("connector-gen")
    .description("Generates strongly typed TypeScript clients for reading REST APIs.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addOption(new Option("--json", "print diagnostics as JSON"))
    .addOption(new Option("-q, --quiet", "print problems only"))
    .addOption(new Option("--color", "colour the output, whatever it goes to"))
    .addOption(new Option("--no-color", "never colour the output"))
    .addOption(new Option("--debug", "print stack traces"))
    .exitOverride();
  const terminal = (): Terminal => createTerminal(program.opts<TerminalOptions>());
  const runs =
    <Args extends readonly unknown[]>(action: (terminal: Terminal, ...args: Args) => Promise<number>) =>
    async (...args: unknown[]): Promise<void> => {
      exitCode = await action(terminal(), ...(args as unknown as Args));
    };
  addGenerate(program, runs);
  addValidate(program, runs);
  addMock(program, runs);
  addImport(program, runs);
  addDetect(program, runs);
  return {
    commands: program.commands,
    run: async (argv) => {
      try {
        await program.parseAsync(argv);
        return exitCode;
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
        terminal().fail(error);
        return 2;
      }
    },
  };
}

type Runs = <Args extends readonly unknown[]>(
  action: (terminal: Terminal, ...args: Args) => Promise<number>,
) => (...args: unknown[]) => Promise<void>;

const specsHelp = "spec files, JSON or YAML; - reads standard input";

function literalSecrets(): Option {
  return new Option("--literal-secrets <what>", "what to do with a secret that stands in the spec")
    .choices(["error", "extract"])
    .default("error");
}

function addGenerate(program: Command, runs: Runs): void {
  program
    .command("generate")
    .description("write one module per spec")
    .argument("<spec...>", specsHelp)
    .option("-o, --out <folder>", "output folder", "generated")
    .option("--stdout", "print the modules instead of writing them")
    .option("--dry-run", "say what would be written")
    .option("--check", "write nothing; exit 1 and show a diff if a module is stale")
    .option("-w, --watch", "generate again whenever a spec changes")
    .option("--schemas", "also write <name>.schemas.ts with zod schemas")
    .option("--force", "overwrite files that were edited by hand")
    .addOption(literalSecrets())
    .action(
      runs(async (terminal, specs: string[], options) =>
        (await import("./commands/generate.js")).runGenerate(terminal, specs, options as never),
      ),
    );
  program
    .command("check")
    .description("exit 1 and show a diff if a committed module is stale; the same as generate --check")
    .argument("<spec...>", specsHelp)
    .option("-o, --out <folder>", "output folder", "generated")
    .option("--schemas", "also check <name>.schemas.ts")
    .addOption(literalSecrets())
    .action(
      runs(async (terminal, specs: string[], options: object) =>
        (await import("./commands/generate.js")).runGenerate(terminal, specs, {
          ...(options as { out: string }),
          check: true,
        }),
      ),
    );
}

function addValidate(program: Command, runs: Runs): void {
  program
    .command("validate")
    .description("report the problems of specs")
    .argument("<spec...>", specsHelp)
    .addOption(literalSecrets())
    .action(
      runs(async (terminal, specs: string[], options) =>
        (await import("./commands/validate.js")).runValidate(terminal, specs, options as never),
      ),
    );
  program
    .command("schema")
    .description("print the JSON Schema of the spec language")
    .action(runs(async (terminal) => (await import("./commands/schema.js")).runSchema(terminal)));
  program
    .command("init")
    .description("write a first spec; asks on a terminal, takes the flags otherwise")
    .argument("[name]", "name of the source")
    .option("--base-url <url>", "base URL of the API")
    .addOption(
      new Option("--auth <type>", "how the API is authenticated").choices([
        "none",
        "api_key",
        "bearer",
        "http_basic",
      ]),
    )
    .option("--resource <name>", "name of the first resource")
    .option("-d, --dir <folder>", "folder of the spec", "specs")
    .option("--force", "overwrite an existing spec")
    .action(
      runs(async (terminal, name: string | undefined, options) =>
        (await import("./commands/init.js")).runInit(terminal, name, options as never),
      ),
    );
}

function addMock(program: Command, runs: Runs): void {
  program
    .command("mock")
    .description("serve the API of specs on this machine, with made-up records")
    .argument("<spec...>", specsHelp)
    .option("--records <n>", "records per resource", toWhole, 1000)
    .option("--latency <ms>", "milliseconds before each answer", toWhole, 0)
    .option("--fault <list>", "faults put in front of good answers: 429,500,reset,truncate,…")
    .option("--port <n>", "port; 0 takes a free one", toWhole, 0)
    .option("--seed <n>", "another seed makes other records", toWhole, 1)
    .action(
      runs(async (terminal, specs: string[], options) =>
        (await import("./commands/mock.js")).runMockCommand(terminal, specs, options as never),
      ),
    );
}

function addImport(program: Command, runs: Runs): void {
  program
    .command("import")
    .description("turn what another tool reads into specs")
    .command("dlt")
    .description("turn a rest_api configuration of dlt, in Python or Markdown, into a spec; no Python is run")
    .argument("<file>", "Python source, or a document with Python code blocks; - reads standard input")
    .option("-o, --out <file>", "the spec, or a folder for several; standard output when left out")
    .option("--name <name>", "name of the source")
    .option("--config <name>", "the configuration to import when there are several")
    .option("--force", "overwrite an existing spec")
    .action(
      runs(async (terminal, file: string, options) =>
        (await import("./commands/import.js")).runImportDlt(terminal, file, options as never),
      ),
    );
}

function addDetect(program: Command, runs: Runs): void {
  const collect = (value: string, values: readonly string[] = []): readonly string[] => [...values, value];
  program
    .command("detect")
    .description(
      "ask the API for what a spec leaves to guessing: selectors, paginators, keys; and write it down",
    )
    .argument("<spec>", "a spec; secrets come from the environment, as for the generated factory")
    .option("-r, --resource <name>", "only this resource; may be repeated", collect)
    .option("--from <response.json>", "look at a response in a file instead of asking the API")
    .option("--config <name=value>", "a config value of the spec; may be repeated", collect)
    .option("--param <name=value>", "a parameter of the resources' methods; may be repeated", collect)
    .option("--write", "write what is found without asking")
    .addOption(literalSecrets())
    .action(
      runs(async (terminal, spec: string, options) =>
        (await import("./commands/detect.js")).runDetect(terminal, spec, options as never),
      ),
    );
}

function toWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("A whole number is needed.");
  return Number(text);
}
