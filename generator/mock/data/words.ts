/** Converts a name to snake_case: `createdAt` and `created_at` become `created_at`. */
export function toSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .toLowerCase();
}

/** Returns the singular of an English word by its ending: `categories` → `category`. */
export function toSingular(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** Whether a type or resource represents people, so its `name` is the name of a person. */
export function isPerson(owner: string): boolean {
  return people.has(toSingular(toSnake(owner).split("_").at(-1) ?? ""));
}

const people = new Set(
  "user instructor author customer member student learner teacher contact person people employee attendee owner assignee profile host guest".split(
    " ",
  ),
);
