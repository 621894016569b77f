import { Command, CommanderError, Option } from "commander";
import type { AddFlags } from "./commands/add.js";
import type { DetectFlags } from "./commands/detect.js";
import type { GivenFlags } from "./commands/generate.js";
import type { ImportFlags } from "./commands/import.js";
import type { InferFlags } from "./commands/infer.js";
import type { InitFlags } from "./commands/init.js";
import type { InitUrlFlags } from "./commands/init-url.js";
import type { MockFlags } from "./commands/mock.js";
import { parsePort, parsePositive, parseWholeNumber } from "./commands/option-values.js";
import {
  addRequestOptions,
  configOption,
  envFileOption,
  jobsOption,
  literalSecretsOption,
  moduleFolderOption,
  noCacheOption,
  paramOption,
  resourceOption,
  schemaOption,
} from "./commands/shared-options.js";
import type { StateFlags } from "./commands/state.js";
import type { SyncFlags } from "./commands/sync-job.js";
import { createTerminal, type Terminal, type TerminalOptions } from "./commands/terminal.js";
import type { ValidateFlags } from "./commands/validate.js";
import { describeFaults } from "./mock/faults.js";

/** The `connector-gen` command line. */
export interface Program {
  /** The declared commands; a group holds its own. */
  readonly commands: readonly Command[];
  /** Resolves to the exit code: 0 success, 1 findings, 2 wrong usage or tool failure, 130 interrupted. */
  readonly run: () => Promise<number>;
}

/**
 * Declares the commands that the arguments need: one if they name it, otherwise all. Each command loads its code when it
 * runs.
 */
export function createProgram(version: string, args: readonly string[] = []): Program {
  let exitCode = 0;
  const program = new Command("connector-gen")
    .description("Generates typed TypeScript clients for REST APIs from specs.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addOption(new Option("--json", "print diagnostics as JSON"))
    .addOption(new Option("-q, --quiet", "print errors only"))
    .addOption(new Option("--color", "always colour the output"))
    .addOption(new Option("--no-color", "never colour the output"))
    .addOption(new Option("--debug", "print stack traces"))
    .exitOverride();
  let opened: Terminal | undefined;
  const terminal = (): Terminal => (opened ??= createTerminal(program.opts<TerminalOptions>()));
  const runs =
    <Args extends readonly unknown[]>(action: (terminal: Terminal, ...args: Args) => Promise<number>) =>
    async (...args: unknown[]): Promise<void> => {
      exitCode = await action(terminal(), ...(args as unknown as Args));
    };
  for (const [name, declare] of declarationsFor(args)) declare(program.command(name), runs);
  return {
    commands: program.commands,
    run: async () => {
      try {
        await program.parseAsync(args, { from: "user" });
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
        terminal().fail(error);
        exitCode = 2;
      }
      opened?.close(exitCode);
      return exitCode;
    },
  };
}

type Runs = <Args extends readonly unknown[]>(
  action: (terminal: Terminal, ...args: Args) => Promise<number>,
) => (...args: unknown[]) => Promise<void>;

type Declare = (command: Command, runs: Runs) => void;

/** The commands, in the order of the help. */
const declarations: Readonly<Record<string, Declare>> = {
  generate: declareGenerate,
  check: declareCheck,
  validate: declareValidate,
  schema: declareSchema,
  init: declareInit,
  add: declareAdd,
  sync: declareSync,
  state: declareState,
  mock: declareMock,
  import: declareImport,
  detect: declareDetect,
  infer: declareInfer,
};

/** Returns the command that the arguments name; otherwise all, for help and suggestions. To declare one takes time. */
function declarationsFor(args: readonly string[]): readonly (readonly [string, Declare])[] {
  // The options before a command have no values.
  const name = args.find((arg) => !arg.startsWith("-"));
  const all = Object.entries(declarations);
  const named = all.filter(([each]) => each === name);
  return named.length > 0 ? named : all;
}

const outHelp = 'output folder (default: that of package.json, or "generated")';
const specsHelp =
  "spec files (JSON or YAML), or patterns in quotes such as 'specs/*.json'; - reads standard input; default: those that package.json names";

const apiSpecHelp = "spec file; secrets come from the environment, as in the generated client";

function declareGenerate(command: Command, runs: Runs): void {
  command
    .summary("generate one TypeScript module per spec")
    .description(
      "Generates one TypeScript module per spec. Writes nothing if a spec has errors or an output file was edited.",
    )
    .argument("[spec...]", specsHelp)
    .option("-o, --out <folder>", outHelp)
    .option("--stdout", "print the modules to standard output instead of writing files")
    .option("--dry-run", "show what would change without writing files")
    .option("--check", "write nothing; exit with 1 and show a diff if a module is out of date")
    .option("-w, --watch", "generate again whenever a spec changes, appears or disappears")
    .option("--schemas", "also write <name>.schemas.ts with zod schemas")
    .option("--force", "overwrite files that were edited or that connector-gen did not write")
    .addOption(jobsOption())
    .addOption(noCacheOption())
    .addOption(literalSecretsOption())
    .action(
      runs(async (terminal, specs: string[], flags: GivenFlags) =>
        (await import("./commands/generate.js")).runGenerate(terminal, specs, flags),
      ),
    );
}

function declareCheck(command: Command, runs: Runs): void {
  command
    .summary("check that generated modules are up to date")
    .description(
      "Checks that generated modules are up to date. Writes nothing; exits with 1 and shows a diff if a module is out of date. Same as generate --check.",
    )
    .argument("[spec...]", specsHelp)
    .option("-o, --out <folder>", outHelp)
    .option("--schemas", "also check <name>.schemas.ts")
    .addOption(jobsOption())
    .addOption(noCacheOption())
    .addOption(literalSecretsOption())
    .action(
      runs(async (terminal, specs: string[], flags: GivenFlags) =>
        (await import("./commands/generate.js")).runGenerate(terminal, specs, { ...flags, check: true }),
      ),
    );
}

function declareValidate(command: Command, runs: Runs): void {
  command
    .summary("report problems in specs")
    .description("Reports every problem in the specs. Writes nothing.")
    .argument("[spec...]", specsHelp)
    .addOption(literalSecretsOption())
    .action(
      runs(async (terminal, specs: string[], flags: ValidateFlags) =>
        (await import("./commands/validate.js")).runValidate(terminal, specs, flags),
      ),
    );
}

function declareSchema(command: Command, runs: Runs): void {
  command
    .summary("print the JSON Schema of the spec language")
    .description("Prints the JSON Schema of the spec language to standard output.")
    .action(runs(async (terminal) => (await import("./commands/schema.js")).runSchema(terminal)));
}

function declareInit(command: Command, runs: Runs): void {
  command
    .summary("create a first spec, from a URL or from answers")
    .description(
      "With a URL or a curl command: asks the API, finds records, paging, key and fields, and writes the spec and its module after confirmation. Secrets become {secrets.x}; their values are never written. With a name: asks for each value that no option gives; without a terminal, uses defaults.",
    )
    .argument("[url or name...]", "URLs, curl commands, or paths after the first URL; or a source name")
    .option("--base-url <url>", "base URL of the API (with a name)")
    .addOption(
      new Option("--auth <type>", "authentication scheme (with a name)").choices([
        "none",
        "api_key",
        "bearer",
        "http_basic",
      ]),
    )
    .option("--resource <name>", "name of the first resource")
    .option("--name <name>", "source name (default: from the host)")
    .option("--dir <folder>", "folder for the spec", "specs")
    .addOption(moduleFolderOption());
  addRequestOptions(command)
    .option("--force", "overwrite an existing spec")
    .action(
      runs(async (terminal, inputs: string[], flags: InitFlags & InitUrlFlags) =>
        (await import("./commands/init.js")).runInit(terminal, inputs, flags),
      ),
    );
}

function declareAdd(command: Command, runs: Runs): void {
  command
    .summary("add a resource to a spec, from a path or a URL")
    .description(
      "Asks the API for a new resource, finds records, paging, key and fields, and adds it to the spec after confirmation. A path such as /articles/{id}/comments is read once for each record of the resource that reads /articles, and so is a query such as ?article={resources.articles.id}.",
    )
    .argument("<spec>", apiSpecHelp)
    .argument("<request...>", "paths, URLs or curl commands")
    .option("--resource <name>", "name of the resource (default: from the path)")
    .addOption(configOption())
    .addOption(moduleFolderOption());
  addRequestOptions(command).action(
    runs(async (terminal, ...[path, inputs, flags]: [string, string[], AddFlags]) =>
      (await import("./commands/add.js")).runAdd(terminal, { path, inputs }, flags),
    ),
  );
}

const toHelp = "duckdb:FILE, postgres://…, jsonl:FOLDER or parquet:FOLDER; postgres takes DATABASE_URL";

function declareSync(command: Command, runs: Runs): void {
  command
    .summary("load the records of a spec's resources into a database")
    .description(
      "Loads the records of the spec's resources into a database, with the write dispositions of the spec. Needs no generated module. After a run that ended early, the next one continues where it stopped. Secrets come from the environment only.",
    )
    .argument("<spec>", "spec file (JSON or YAML); - reads standard input")
    .option("--to <url>", `destination: ${toHelp} (default: duckdb:<name>.duckdb)`)
    .option("-s, --select <resource...>", "load only these resources")
    .option("-x, --exclude <resource...>", "leave out these resources")
    .option("--base-url <url>", "base URL of the API (default: that of the spec)")
    .addOption(configOption())
    .addOption(envFileOption())
    .option("--full-refresh", "drop cursors and tables of the resources, and read everything again")
    .option(
      "--since <value>",
      "start incremental resources at this cursor value, even if earlier runs read further",
    )
    .option("--dry-run", "show resources, tables, columns and first requests; send and write nothing")
    .option(
      "--limit <n>",
      "end each resource after the page that reaches this number of records",
      parsePositive,
    )
    .option("--concurrency <n>", "resources that are read at the same time (default: 4)", parsePositive)
    .addOption(
      new Option("--naming <names>", "names of technical columns; dlt continues a dataset of dlt").choices([
        "default",
        "dlt",
      ]),
    )
    .addOption(new Option("--nested <form>", "how lists and objects are stored").choices(["tables", "json"]))
    .addOption(schemaOption())
    .option("--events <file>", "append every event to a file, as JSON lines")
    .addOption(literalSecretsOption())
    .addHelpText(
      "after",
      "\nWith --json, prints the report as JSON to standard output.\nExits with 1 if a resource failed or the database rejected rows, and with 130 after Ctrl-C.",
    )
    .action(
      runs(async (terminal, spec: string, flags: SyncFlags) =>
        (await import("./commands/sync.js")).runSync(terminal, spec, flags),
      ),
    );
}

function declareState(command: Command, runs: Runs): void {
  command
    .summary("show cursors, runs and rejected rows of a destination")
    .description(
      "Shows the state of each resource in a destination: its cursors, its last runs, and the rows that the database rejected.",
    )
    .argument("<url>", toHelp)
    .addOption(schemaOption())
    .option("--reset <resource>", "remove the cursor of a resource; the next run reads it from the start")
    .action(
      runs(async (terminal, url: string, flags: StateFlags) =>
        (await import("./commands/state.js")).runState(terminal, url, flags),
      ),
    );
}

function declareMock(command: Command, runs: Runs): void {
  command
    .summary("serve the APIs of specs locally with generated records")
    .description(
      "Serves the APIs of the specs on this machine with generated records, which match the schemas of the spec. Pages of a browser may call the server from any origin (CORS). A warning names a resource for which no such records are found. Ctrl-C stops the server.",
    )
    .argument("[spec...]", specsHelp)
    .option("--records <n>", "records per resource", parseWholeNumber, 1000)
    .option("--latency <ms>", "delay before each response, in milliseconds", parseWholeNumber, 0)
    .option("--fault <list>", "faults to inject before successful responses, such as 429:1,reset@last")
    .option("--port <n>", "port; 0 selects a free port", parsePort, 0)
    .option("--seed <n>", "seed of the generated records", parseWholeNumber, 1)
    .option("--log", "print every request, with masked credentials")
    .addHelpText("after", describeFaults)
    .action(
      runs(async (terminal, specs: string[], flags: MockFlags) =>
        (await import("./commands/mock.js")).runMockCommand(terminal, specs, flags),
      ),
    );
}

function declareImport(command: Command, runs: Runs): void {
  command
    .summary("convert configurations of other tools into specs")
    .description("Converts configurations of other tools into specs.")
    .command("dlt")
    .summary("convert dlt rest_api configurations into specs")
    .description(
      "Converts the dlt rest_api configurations in a Python file, a Jupyter notebook, or the Python code blocks of a Markdown document, into specs. Never runs Python code.",
    )
    .argument("<file>", "Python, notebook or Markdown file; - reads standard input")
    .option("-o, --out <path>", "output file, or a folder for several specs (default: standard output)")
    .option("--name <name>", "source name")
    .option("--config <name>", "configuration to import, if the file has several")
    .option("--force", "overwrite an existing spec")
    .action(
      runs(async (terminal, file: string, flags: ImportFlags) =>
        (await import("./commands/import.js")).runImportDlt(terminal, file, flags),
      ),
    );
}

function declareDetect(command: Command, runs: Runs): void {
  command
    .summary("infer missing selectors, paginators and keys from live responses")
    .description(
      "Infers missing selectors, paginators, primary keys and cursors from live responses, and writes them into the spec after confirmation. Sends two or three requests per resource if the first guess is right, and at most eight.",
    )
    .argument("<spec>", apiSpecHelp)
    .addOption(resourceOption())
    .option("--from <response.json>", "read the response from a file instead of calling the API")
    .addOption(configOption())
    .addOption(paramOption())
    .option("--write", "write the findings without asking")
    .addOption(envFileOption())
    .addOption(literalSecretsOption())
    .action(
      runs(async (terminal, spec: string, flags: DetectFlags) =>
        (await import("./commands/detect.js")).runDetect(terminal, spec, flags),
      ),
    );
}

function declareInfer(command: Command, runs: Runs): void {
  command
    .summary("infer the schemas of records from live responses")
    .description(
      "Reads records of each resource, infers their schemas, and writes these into the spec. If a resource has a schema, adds the missing fields to it and reports contradictions. Values of records do not enter the spec, except those of an enum.",
    )
    .argument("<spec>", apiSpecHelp)
    .addOption(resourceOption())
    .option("--records <n>", "records to read per resource, from at most 50 pages", parsePositive, 500)
    .option("--from <file>", "read records from a saved response (JSON) or from JSON lines")
    .addOption(configOption())
    .addOption(paramOption())
    .addOption(envFileOption())
    .option("--dry-run", "show what would change without writing the spec")
    .addOption(literalSecretsOption())
    .action(
      runs(async (terminal, spec: string, flags: InferFlags) =>
        (await import("./commands/infer.js")).runInfer(terminal, spec, flags),
      ),
    );
}
