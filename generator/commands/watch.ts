import { existsSync } from "node:fs";
import { basename, relative, resolve as resolvePath, sep } from "node:path";
import { watch, type ChokidarOptions, type FSWatcher } from "chokidar";
import { isPattern, isSpecFile, splitPattern } from "./find-files.js";
import type { Terminal } from "./terminal.js";

/** The specs to watch. */
export interface WatchedSpecs {
  /** Files, and patterns of files. */
  readonly patterns: readonly string[];
  /** Returns the specs that exist. Rejects if a pattern matches none. */
  readonly list: () => Promise<readonly string[]>;
  /** Processes specs. */
  readonly run: (specs: readonly string[]) => Promise<unknown>;
}

/** Processes the specs once, then again whenever one of them changes, appears or disappears, until Ctrl-C. */
export async function watchSpecs(terminal: Terminal, { patterns, list, run }: WatchedSpecs): Promise<number> {
  let known = byPath(await list());
  const runAll = async (): Promise<void> => {
    try {
      await run([...known.values()]);
    } catch (error) {
      // A file is missing for a moment while an editor replaces it. The next event calls `run` again.
      terminal.fail(error);
    }
  };
  await runAll();
  let changed: string[] = [];
  const update = async (): Promise<void> => {
    const paths = new Set(changed);
    changed = [];
    const before = known;
    try {
      known = byPath(await list());
    } catch (error) {
      known = new Map();
      if (before.size > 0) terminal.fail(error);
    }
    // Events of a renamed file may arrive apart, so compare the lists, too.
    const messages = [
      ...[...before].flatMap(([path, spec]) => (known.has(path) ? [] : [`${spec} was removed`])),
      ...[...known].flatMap(([path, spec]) => {
        if (!before.has(path)) return [`${spec} was added`];
        return paths.has(path) ? [`${spec} changed`] : [];
      }),
    ];
    for (const message of messages) terminal.info(message);
    if (messages.length > 0 && known.size > 0) await runAll();
  };
  let queue = Promise.resolve();
  const watchers = patterns.map((pattern) => watchPattern(pattern));
  for (const watcher of watchers) {
    watcher.on("all", (type, path) => {
      // The files of a folder have events of their own. One update processes all events so far.
      if (!type.endsWith("Dir") && changed.push(path) === 1) queue = queue.then(update);
    });
  }
  // chokidar does not notice changes before it is ready.
  await Promise.all(
    watchers.map((watcher) => new Promise<void>((resolve) => watcher.once("ready", resolve))),
  );
  terminal.info(`Watching ${known.size === 1 ? "one spec" : `${known.size} specs`}. Press Ctrl-C to stop.`);
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
  await Promise.all(watchers.map((watcher) => watcher.close()));
  await queue;
  return 130;
}

/** Returns specs by their absolute paths. */
function byPath(specs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(specs.map((spec) => [resolvePath(spec), spec]));
}

const options: ChokidarOptions = {
  ignoreInitial: true,
  // An editor may write a file in parts, so wait until it is unchanged for a moment.
  awaitWriteFinish: { stabilityThreshold: 20, pollInterval: 5 },
};

/** Watches a file, or the folder above the files of a pattern. */
function watchPattern(pattern: string): FSWatcher {
  // Use absolute paths. With relative paths, chokidar loops endlessly after the working folder is removed.
  if (!isPattern(pattern) || existsSync(pattern)) return watch(resolvePath(pattern), options);
  const { base, rest } = splitPattern(pattern);
  const folder = resolvePath(base);
  const isHidden = (path: string): boolean =>
    relative(folder, path)
      .split(sep)
      .some((name) => name.startsWith(".") || name === "node_modules");
  return watch(folder, {
    ...options,
    followSymlinks: false,
    ...(!rest.includes("**") && { depth: rest.split("/").length - 1 }),
    ignored: (path, stats) => isHidden(path) || (stats?.isFile() === true && !isSpecFile(basename(path))),
  });
}
