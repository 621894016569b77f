import pluralize from "pluralize-esm";

// Words that the rules of English plurals get wrong in data.
for (const word of ["data", "metadata", "sms", "lens", "analytics", "settings", "news"])
  pluralize.addUncountableRule(word);
pluralize.addIrregularRule("cache", "caches");

/** `courses` → `course`; words that name no number stay as they are. */
export function singular(word: string): string {
  return pluralize.singular(word);
}
