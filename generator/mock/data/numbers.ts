import type { TypeIr } from "../../ir/source-ir.js";
import type { Sampler } from "./sampler.js";
import { chooseTime } from "./times.js";
import type { FieldName } from "./texts.js";
import { toSnake } from "./words.js";

/** Creates the number of a field for the record at an index. */
export type MakeNumber = (sampler: Sampler, index: number) => number;

type NumberIr = Extract<TypeIr, { kind: "number" }>;

/** Chooses the values of a number field: those in the range that its name suggests, within the bounds of its type. */
export function chooseNumber(type: NumberIr, field: FieldName): MakeNumber {
  const name = toSnake(field.name);
  const isBounded = type.minimum !== undefined || type.maximum !== undefined;
  if (timeNames.test(name) && !isBounded)
    return (sampler, index) => Math.floor(chooseTime(sampler, name, index) / 1000);

  const [, from, to] = rangesByName.find(([pattern]) => pattern.test(name)) ?? [null, 0, 1000];
  const [low, high] = within(type, from, to);
  const scale = type.integer ? 1 : 100;
  // Rounding inwards keeps both ends within bounds such as 0.125. A narrower range consists of its lower end.
  const first = Math.ceil(low * scale);
  const last = Math.floor(high * scale);
  return first > last ? () => low : (sampler) => sampler.whole(first, last) / scale;
}

/** Returns the part of a range within the bounds of a type, or the bounds if they do not overlap. */
function within({ minimum, maximum }: NumberIr, from: number, to: number): readonly [number, number] {
  const low = Math.max(from, minimum ?? -Infinity);
  const high = Math.min(to, maximum ?? Infinity);
  if (low <= high) return [low, high];
  return [minimum ?? (maximum ?? 0) - 1000, maximum ?? (minimum ?? 0) + 1000];
}

const timeNames = /(_at|_on|timestamp)$/;

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
