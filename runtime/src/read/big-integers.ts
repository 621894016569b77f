import { DecodeError, ReadFailure, foreign } from "../errors.js";
import type { BigIntegerMode } from "../exact-json.js";

/** The modes of the integers at a place in a record, and in its fields. */
export interface IntegerFields {
  /** The mode of all integers at this place. */
  readonly mode?: BigIntegerMode | undefined;
  /** Returns the modes inside a field, or `undefined` if there are none. */
  readonly at: (name: string) => IntegerFields | undefined;
}

/** The treatment of integers beyond 2^53 in a resource. */
export interface BigIntegerRules {
  readonly mode: BigIntegerMode;
  /** Fields with their own mode, which applies to all their integers. */
  readonly fields?: IntegerFields | undefined;
}

/** Returns a copy with converted integers. In mode `error`, throws a `ReadFailure` for an integer beyond 2^53. */
export function convertIntegers<T>(value: T, { mode, fields }: BigIntegerRules): T {
  const convert = (item: unknown, path: string, place?: IntegerFields): unknown => {
    if (Array.isArray(item)) return item.map((each) => convert(each, path, place));
    if (typeof item === "object" && item) {
      const entries = Object.entries(item).map(([key, each]): readonly [string, unknown] => [
        key,
        convert(each, path ? `${path}.${key}` : key, place?.at(key)),
      ]);
      return Object.fromEntries(entries);
    }
    const own = place?.mode;
    const isBig = typeof item === "bigint";
    if (!isBig && !(own && Number.isSafeInteger(item))) return item;
    const wanted = own ?? mode;
    if (wanted === "string") return String(item);
    if (wanted === "bigint") return BigInt(item as number);
    if (!isBig) return item;
    const where = path ? `the field \`${foreign(path)}\` has` : "a record is";
    const fix = 'set "big_integers" of the client, the endpoint or the field to "string" or "bigint"';
    const message = `${where} the integer ${foreign(item)}, which a number would round; ${fix}`;
    throw new ReadFailure(DecodeError, "BIG_INTEGER", message);
  };
  return convert(value, "", fields) as T;
}
