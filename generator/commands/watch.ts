import { resolve as resolvePath } from "node:path";
import { watch } from "chokidar";
import type { Terminal } from "./terminal.js";

/** Calls `run` once, then again whenever one of the files changes, until Ctrl-C. */
export async function watchFiles(
  terminal: Terminal,
  files: readonly string[],
  run: () => Promise<number>,
): Promise<number> {
  const attempt = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      // A file is missing for a moment while an editor replaces it. The next event calls `run` again.
      terminal.fail(error);
    }
  };
  await attempt();
  // Use absolute paths. With relative paths, chokidar loops endlessly after the working folder is removed.
  const names = new Map(files.map((file) => [resolvePath(file), file]));
  const watcher = watch([...names.keys()], {
    ignoreInitial: true,
    // An editor may write a file in parts, so wait until it is unchanged for a moment.
    awaitWriteFinish: { stabilityThreshold: 20, pollInterval: 5 },
  });
  let queue = Promise.resolve();
  watcher.on("all", (_event, path) => {
    terminal.info(`${names.get(path) ?? path} changed`);
    queue = queue.then(attempt);
  });
  // chokidar does not notice changes before it is ready.
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  terminal.info(
    `Watching ${files.length === 1 ? "one spec" : `${files.length} specs`}. Press Ctrl-C to stop.`,
  );
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
  await watcher.close();
  await queue;
  return 130;
}
