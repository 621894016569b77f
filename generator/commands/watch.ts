import { existsSync } from "node:fs";
import { basename, relative, resolve as resolvePath, sep } from "node:path";
import { watch, type ChokidarOptions, type FSWatcher } from "chokidar";
import { isPattern, isSpecFile, splitPattern } from "./find-files.js";
import type { Target } from "./generate.js";
import type { Terminal } from "./terminal.js";

/** The specs to watch. */
export interface WatchedSpecs {
  /**
   * Returns what to process now, or `undefined` after it reported the problems of `package.json`. Rejects if a pattern
   * matches no file, or if `package.json` names no specs.
   */
  readonly read: () => Promise<Target | undefined>;
  /** Processes the specs. */
  readonly run: (target: Target) => Promise<unknown>;
}

/**
 * Processes the specs once, then again whenever one of them changes, appears or disappears, or `package.json` names other
 * specs or another output folder, until Ctrl-C. Resolves to the exit code.
 */
export async function watchSpecs(terminal: Terminal, { read, run }: WatchedSpecs): Promise<number> {
  const events: string[] = [];
  const files = watchFiles((path) => {
    // One update processes all events so far.
    if (events.push(path) === 1) queue = queue.then(update);
  });
  const load = async (): Promise<Target | undefined> => {
    const found = await read();
    // chokidar does not notice changes before it is ready, so read again.
    return found && (await files.follow(found)) ? await load() : found;
  };
  let target: Target | undefined;
  let isBroken = false;
  const changed = new Set<string>();
  const runAll = async (now: Target): Promise<void> => {
    try {
      await run(now);
    } catch (error) {
      // A file is missing for a moment while an editor replaces it. The next event calls `run` again.
      terminal.fail(error);
    }
  };
  const start = async (): Promise<void> => {
    target = await load();
    if (target) await runAll(target);
  };
  const loadAgain = async (before: Target): Promise<Target | undefined> => {
    try {
      return await load();
    } catch (error) {
      const isNamed = before.config !== undefined;
      if (isNamed || before.specs.length > 0) terminal.fail(error);
      return isNamed ? undefined : { ...before, specs: [] };
    }
  };
  const update = async (): Promise<void> => {
    for (const path of events.splice(0)) changed.add(path);
    const before = target;
    const next = before && (await loadAgain(before));
    const wasBroken = isBroken;
    isBroken = !next;
    if (!next) return;
    const messages = describeChanges(before, next, changed);
    target = next;
    changed.clear();
    for (const message of messages) terminal.info(message);
    if ((messages.length > 0 || wasBroken) && next.specs.length > 0) await runAll(next);
  };
  let queue = start();
  await queue;
  if (!target) return 1;
  const { length } = target.specs;
  terminal.info(`Watching ${length === 1 ? "one spec" : `${length} specs`}. Press Ctrl-C to stop.`);
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
  await files.close();
  await queue;
  return 130;
}

/** Describes what differs between two targets, and which specs changed. */
function describeChanges(before: Target, now: Target, changed: ReadonlySet<string>): readonly string[] {
  const [old, specs] = [byPath(before.specs), byPath(now.specs)];
  const [was, is] = [before, now].map(({ patterns, out }) => JSON.stringify([patterns, out]));
  return [
    ...(was === is ? [] : [`${now.config ?? ""} changed`]),
    // Events of a renamed file may arrive apart, so compare the lists, too.
    ...[...old].flatMap(([path, spec]) => (specs.has(path) ? [] : [`${spec} was removed`])),
    ...[...specs].flatMap(([path, spec]) => {
      if (!old.has(path)) return [`${spec} was added`];
      return changed.has(path) ? [`${spec} changed`] : [];
    }),
  ];
}

/** Returns specs by their absolute paths. */
function byPath(specs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(specs.map((spec) => [resolvePath(spec), spec]));
}

/** Watchers of files and patterns. */
interface FileWatchers {
  /** Watches what a target names, and nothing else. Resolves, once all watchers are ready, to whether some are new. */
  readonly follow: (target: Target) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Calls `onEvent` with the path of each file that changes, appears or disappears. */
function watchFiles(onEvent: (path: string) => void): FileWatchers {
  const watchers = new Map<string, FSWatcher>();
  const closeUnless = async (isWanted: (pattern: string) => boolean): Promise<void> => {
    const unwanted = [...watchers].filter(([pattern]) => !isWanted(pattern));
    for (const [pattern] of unwanted) watchers.delete(pattern);
    await Promise.all(unwanted.map(([, watcher]) => watcher.close()));
  };
  return {
    follow: async ({ patterns, config = [] }) => {
      const wanted = new Set(patterns.concat(config));
      await closeUnless((pattern) => wanted.has(pattern));
      const added = [...wanted].filter((pattern) => !watchers.has(pattern));
      await Promise.all(
        added.map(async (pattern) => {
          const watcher = watchPattern(pattern);
          watchers.set(pattern, watcher);
          watcher.on("all", (type, path) => {
            // The files of a folder have events of their own.
            if (!type.endsWith("Dir")) onEvent(path);
          });
          await new Promise<void>((resolve) => watcher.once("ready", resolve));
        }),
      );
      return added.length > 0;
    },
    close: () => closeUnless(() => false),
  };
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
