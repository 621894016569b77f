import { DecodeError, ReadFailure, foreign } from "../errors.js";
import type { BigIntegerMode } from "../exact-json.js";

/** How a resource treats integers beyond 2^53. */
export interface BigIntegerRules {
  readonly mode: BigIntegerMode;
  /** Fields with a mode of their own, by their names joined by dots; it applies to all their integers. */
  readonly fields?: Readonly<Record<string, BigIntegerMode>> | undefined;
}

/** Returns records with converted integers: a copy. Throws a `ReadFailure` for one that must not be there. */
export function convertIntegers<T>(value: T, rules: BigIntegerRules): T {
  return convert(value, rules, "") as T;
}

function convert(value: unknown, rules: BigIntegerRules, path: string): unknown {
  if (typeof value === "bigint" || typeof value === "number") return convertInteger(value, rules, path);
  if (typeof value !== "object" || !value) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, rules, path));
  const entries = Object.entries(value).map(([key, item]): readonly [string, unknown] => [
    key,
    convert(item, rules, path ? `${path}.${key}` : key),
  ]);
  return Object.fromEntries(entries);
}

function convertInteger(
  value: bigint | number,
  { mode, fields = {} }: BigIntegerRules,
  path: string,
): unknown {
  const own = Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (typeof value === "number" && !(own && Number.isSafeInteger(value))) return value;
  const wanted = own ?? mode;
  if (wanted === "string") return String(value);
  if (wanted === "bigint") return BigInt(value);
  if (typeof value === "number") return value;
  const where = path ? `the field \`${foreign(path)}\` has` : "a record is";
  const fix = 'set "big_integers" of the client, the endpoint or the field to "string" or "bigint"';
  const message = `${where} the integer ${foreign(value)}, which a number would round; ${fix}`;
  throw new ReadFailure(DecodeError, "BIG_INTEGER", message);
}
