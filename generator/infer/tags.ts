import { wordsOf } from "@connector-gen/runtime/kinds";

/** Names of fields, in words, that hold the kind of an object, the likeliest first. */
const tagNames = [
  "type",
  "kind",
  "object",
  "event",
  "event type",
  "action",
  "resource type",
  "record type",
  "class",
  "typename",
  "variant",
  "method",
  "category",
];

/** Returns the field of an object that holds its kind. */
export function tagOf(object: object): string | undefined {
  const names = Object.entries(object).filter(([, value]) => isTag(value));
  return tagNames
    .map((words) => names.find(([name]) => wordsOf(name) === words)?.[0])
    .find((name) => name !== undefined);
}

function isTag(value: unknown): boolean {
  return typeof value === "string" && /^[\p{L}_][\p{L}\p{N}_.:/-]{0,39}$/u.test(value);
}
