import { Option, type Command } from "commander";
import { collectPairs, collectTexts, parsePositive } from "./option-values.js";

// The options that several commands have. Each command needs its own objects.

/** Creates `--literal-secrets`. */
export function literalSecretsOption(): Option {
  return new Option("--literal-secrets <mode>", "how to treat literal secrets in the spec")
    .choices(["error", "extract"])
    .default("error");
}

/** Creates `--jobs`, a number. */
export function jobsOption(): Option {
  const about = "specs to generate at the same time (default: as many as save time)";
  return new Option("-j, --jobs <n>", about).argParser(parsePositive);
}

/** Creates `--no-cache`. */
export function noCacheOption(): Option {
  return new Option("--no-cache", "also generate specs that have not changed");
}

/** Creates `--out` of the commands that write the module of one spec. */
export function moduleFolderOption(): Option {
  return new Option("-o, --out <folder>", "output folder of the module").default("generated");
}

/** Creates `--resource`, a list. */
export function resourceOption(): Option {
  const about = "inspect only this resource (repeatable)";
  return new Option("-r, --resource <name>", about).argParser(collectTexts);
}

/** Creates `--config`, a list of `name=value`. */
export function configOption(): Option {
  const about = "value of a config option (repeatable)";
  return new Option("--config <name=value>", about).argParser(collectPairs);
}

/** Creates `--param`, a list of `name=value`. */
export function paramOption(): Option {
  const about = "value of a resource parameter (repeatable)";
  return new Option("--param <name=value>", about).argParser(collectPairs);
}

/** Creates `--env-file`. */
export function envFileOption(): Option {
  return new Option("--env-file <file>", "read secrets from a .env file");
}

/** Creates `--schema` of the commands that open a database. */
export function schemaOption(): Option {
  const about = "schema of the tables (default: public in PostgreSQL, main in DuckDB)";
  return new Option("--schema <name>", about);
}

/** Adds the options that describe a request, and those that control what follows. `init` takes more than `add`. */
export function addRequestOptions(command: Command): Command {
  const isInit = command.name() === "init";
  return command
    .option(
      "-H, --header <header>",
      "header of the request, such as 'Authorization: Bearer …' (repeatable)",
      collectTexts,
    )
    .option("-u, --user <name:password>", "credentials for HTTP Basic authentication")
    .option("-X, --request <method>", "method of the request (default: GET, or POST with --data)")
    .option(
      "-d, --data <body>",
      `JSON or form body; @file reads a file${isInit ? " (with a name: same as --dir)" : ""}`,
    )
    .option(
      "--from <file>",
      `read the response, ${isInit ? "a HAR recording, " : ""}or records as JSON lines, from a file instead of calling the API`,
    )
    .option("--since <param>", "query parameter that selects records since a time, for later runs")
    .addOption(envFileOption())
    .option("-y, --yes", "write without asking");
}
