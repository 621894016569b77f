import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { withLock } from "../../generator/output/lock.js";
import { useWorkspace } from "./workspace.js";

const { path } = useWorkspace();

type Open = (...args: Parameters<typeof fs.open>) => ReturnType<typeof fs.open>;

/** Delays each write into a new file, as a busy machine does. */
function delayWrites(ms: number): void {
  const open: Open = fs.open;
  const delayed: Open = async (...args) => {
    const file = await open(...args);
    const writeFile = file.writeFile.bind(file);
    file.writeFile = async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return writeFile(...given);
    };
    return file;
  };
  Object.assign(fs, { open: delayed });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { open });
    syncBuiltinESMExports();
  });
}

/** Runs actions under the lock at the same time. Returns the greatest number of actions that ran at once. */
async function mostAtOnce(count: number): Promise<number> {
  let running = 0;
  let most = 0;
  await fs.mkdir(path("generated"), { recursive: true });
  const action = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
  };
  await Promise.all(Array.from({ length: count }, () => withLock(path("generated"), action)));
  expect(await fs.readdir(path("generated"))).toEqual([]);
  return most;
}

describe("the lock of an output folder", () => {
  it("lets one run work at a time", async () => {
    expect(await mostAtOnce(8)).toBe(1);
  });

  it("is never without its text, so no run removes it while another one creates it", async () => {
    const now = performance.now.bind(performance);
    // A minute of waiting takes a second.
    vi.spyOn(performance, "now").mockImplementation(() => now() * 60);
    delayWrites(200);
    expect(await mostAtOnce(3)).toBe(1);
  });

  it.each(["EPERM", "ENOTSUP"])("works in file systems without links (%s)", async (code) => {
    const { link } = fs;
    Object.assign(fs, { link: () => Promise.reject(Object.assign(new Error(code), { code })) });
    syncBuiltinESMExports();
    onTestFinished(() => {
      Object.assign(fs, { link });
      syncBuiltinESMExports();
    });
    expect(await mostAtOnce(4)).toBe(1);
  });

  it("is an error without its folder", async () => {
    await expect(withLock(path("missing"), () => Promise.resolve())).rejects.toThrow("ENOENT");
  });
});
