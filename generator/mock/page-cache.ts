/** Keeps the serialised pages that were asked for last, within a bound on their bytes. */
export interface PageCache {
  /** The page under a key, made if it is not there. */
  get(key: string, make: () => Buffer): Buffer;
}

/** Creates a cache of at most so many bytes; a page larger than that is not kept. */
export function createPageCache(bytes: number): PageCache {
  // A map remembers the order of insertion: the first entry is the one not used for the longest time.
  const pages = new Map<string, Buffer>();
  let used = 0;

  const dropOldest = (): void => {
    for (const [key, page] of pages) {
      if (used <= bytes) return;
      pages.delete(key);
      used -= page.length;
    }
  };
  return {
    get: (key, make) => {
      const kept = pages.get(key);
      const page = kept ?? make();
      pages.delete(key);
      pages.set(key, page);
      if (!kept) used += page.length;
      dropOldest();
      return page;
    },
  };
}
