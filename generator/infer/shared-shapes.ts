import { wordsOf } from "@connector-gen/runtime/kinds";
import { singular } from "../plural.js";
import { createObservation, mergeObservation, type Observation } from "./observation.js";
import { freeTexts } from "./texts.js";

/** An object shape that several fields of the records share. */
export interface SharedShape {
  /** Its name in `$defs`. */
  readonly name: string;
  /** The values of all these fields. */
  readonly seen: Observation;
}

/** Returns the shared shape of an object, if it has one. */
export type FindShape = (seen: Observation) => SharedShape | undefined;

interface Place {
  readonly name: string;
  readonly seen: Observation;
}

/** Minimum number of fields of a shape that gets a name. */
const minFields = 2;

/**
 * Finds objects with the same fields at several paths, such as two addresses, or the replies of a reply. Each group
 * becomes one shape, based on the values of all paths.
 */
export function findSharedShapes(root: Observation): FindShape {
  const groups = new Map<string, Place[]>();
  for (const place of placesOf(root, "record")) {
    const { seen } = place;
    if (seen === root || seen.fields.size < minFields || seen.entries || seen.isCut) continue;
    const id = idOf(seen);
    groups.set(id, [...(groups.get(id) ?? []), place]);
  }
  const shapes = new Map<string, SharedShape>();
  const taken = new Set<string>();
  for (const [id, places] of groups) {
    if (places.length < 2 || !places.every(({ seen }) => isLike(seen, places[0]?.seen))) continue;
    shapes.set(id, { name: nameOf(places, taken), seen: mergePlaces(places) });
  }
  return (seen) => (seen === root || seen.entries || seen.isCut ? undefined : shapes.get(idOf(seen)));
}

/** Merges the values of several paths. Texts that are constant at each path but differ between paths are not an enum. */
function mergePlaces(places: readonly Place[]): Observation {
  const merged = createObservation();
  // If one place of the group is inside another one, the fields of the outer one contain its values.
  for (const { seen } of places) mergeObservation(merged, seen);
  for (const [name, { texts }] of merged.fields) {
    const isVaried = places.some(({ seen }) => (seen.fields.get(name)?.texts.counts.size ?? 0) > 1);
    if (!isVaried && texts.counts.size > 1) freeTexts(texts);
  }
  return merged;
}

/** Objects with the same fields have the same id. */
function idOf({ fields }: Observation): string {
  return [...fields.keys()].sort().join("\0");
}

function* placesOf(seen: Observation, name: string): Generator<Place, void, undefined> {
  if (seen.types.has("object")) yield { name, seen };
  for (const [field, inner] of seen.fields) yield* placesOf(inner, field);
  if (seen.items) yield* placesOf(seen.items, singular(wordsOf(name)));
  if (seen.entries) yield* placesOf(seen.entries, singular(wordsOf(name)));
}

/** Whether the fields of two objects have the same types, as far as these are known. */
function isLike(a: Observation, b: Observation | undefined): boolean {
  if (a === b || !b) return true;
  return [...a.fields].every(([name, field]) => {
    const other = b.fields.get(name);
    const [types, others] = [field, other].map((each) => typesOf(each));
    if (!types || !others || types === "" || others === "") return true;
    return types === others;
  });
}

function typesOf(seen: Observation | undefined): string {
  const types = [...(seen?.types.keys() ?? [])].filter((type) => type !== "null");
  return [...new Set(types.map((type) => (type === "integer" ? "number" : type)))].sort().join();
}

/** Names a shape after the last words that the names of its places share, otherwise after the first place. */
function nameOf(places: readonly Place[], taken: Set<string>): string {
  const [first = [], ...others] = places.map(({ name }) => wordsOf(name).split(" ").reverse());
  const end = first.findIndex((word, index) => others.some((words) => words[index] !== word));
  const shared = first.slice(0, end < 0 ? first.length : end).reverse();
  const words = shared.length > 0 ? shared : wordsOf(places[0]?.name ?? "").split(" ");
  const wish = pascal(words) || "Shape";
  let name = wish;
  for (let n = 2; taken.has(name); n++) name = `${wish}${n}`;
  taken.add(name);
  return name;
}

function pascal(words: readonly string[]): string {
  const name = words
    .map((word) => word.replaceAll(/[^\p{L}\p{N}]/gu, ""))
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
  return name.replace(/^\d+/, "");
}
