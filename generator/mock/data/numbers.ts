import type { TypeIr } from "../../ir/source-ir.js";
import type { Dice } from "./dice.js";
import { chooseMoment } from "./moments.js";
import type { FieldPlace } from "./texts.js";
import { toSnake } from "./words.js";

/** Makes the number of a field of record `index`. */
export type MakeNumber = (dice: Dice, index: number) => number;

type NumberIr = Extract<TypeIr, { kind: "number" }>;

/** Chooses how to fill a number field: the range that its name suggests, within the bounds that its type sets. */
export function chooseNumber(type: NumberIr, place: FieldPlace): MakeNumber {
  const name = toSnake(place.name);
  const isBounded = type.minimum !== undefined || type.maximum !== undefined;
  if (moments.test(name) && !isBounded)
    return (dice, index) => Math.floor(chooseMoment(dice, name, index) / 1000);

  const [, from, to] = rangesByName.find(([pattern]) => pattern.test(name)) ?? [null, 0, 1000];
  const [low, high] = within(type, from, to);
  const scale = type.integer ? 1 : 100;
  // Rounding inwards keeps both ends inside bounds such as 0.125; a range narrower than that has its lower end only.
  const first = Math.ceil(low * scale);
  const last = Math.floor(high * scale);
  return first > last ? () => low : (dice) => dice.whole(first, last) / scale;
}

/** The part of a range that lies within a type's bounds; the bounds themselves where the two do not meet. */
function within({ minimum, maximum }: NumberIr, from: number, to: number): readonly [number, number] {
  const low = Math.max(from, minimum ?? -Infinity);
  const high = Math.min(to, maximum ?? Infinity);
  if (low <= high) return [low, high];
  return [minimum ?? (maximum ?? 0) - 1000, maximum ?? (minimum ?? 0) + 1000];
}

const moments = /(_at|_on|timestamp)$/;

const rangesByName: readonly (readonly [RegExp, number, number])[] = [
  [/cents$/, 100, 49_999],
  [/(percent|percentage|discount|progress|completion)$/, 0, 100],
  [/(rating|score|stars)$/, 1, 5],
  [/(price|amount|cost|fee|balance|revenue|subtotal|total|value)$/, 1, 500],
  [/(^|_)lat(itude)?$/, -90, 90],
  [/(^|_)(lng|lon|longitude)$/, -180, 180],
  [/(^|_)year$/, 2000, 2026],
  [/(^|_)age$/, 18, 80],
  [/(^|_)(quantity|qty)$/, 1, 10],
  [/(seconds|duration)$/, 30, 14_400],
  [/(minutes)$/, 1, 240],
  [/(hours)$/, 1, 80],
  [/(_count|^num_.*|^number_of_.*)$/, 0, 200],
  [/(position|order|rank|index|level)$/, 1, 20],
  [/(bytes|size)$/, 1, 10_000_000],
];
