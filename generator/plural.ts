import pluralize from "pluralize-esm";

// Words that the library's plural rules get wrong in data models.
for (const word of ["data", "metadata", "sms", "lens", "analytics", "settings", "news"])
  pluralize.addUncountableRule(word);
pluralize.addIrregularRule("cache", "caches");

/** Returns the singular of a word: `courses` → `course`. Uncountable words are returned unchanged. */
export function singular(word: string): string {
  return pluralize.singular(word);
}
