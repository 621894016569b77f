import type { Option, OptionProblem } from "../kind.js";

/** The row of an option that names a query parameter. */
export function paramOption(what: string, byDefault: string): Option {
  return { type: "text", nullable: true, default: byDefault, description: `Query parameter of ${what}.` };
}

/** The row of an option that puts a value into the body. */
export function bodyPathOption(what: string): Option {
  return {
    type: "text",
    nullable: true,
    description: `Dotted path of ${what} in the JSON body (\`page.size\`), in place of a query parameter; objects on the way are made.`,
  };
}

/** How many records a page of an API that can do without being told should have. */
export interface PageSize {
  /** Records a page; sent when given. */
  readonly limit?: number;
  /** Default `limit`. */
  readonly limitParam?: string | null;
  /** Dotted path in the JSON body, in place of a query parameter. */
  readonly limitBodyPath?: string | null;
}

/** The rows of `PageSize`. */
export function pageSizeOptions(): { readonly [K in keyof Required<PageSize>]: Option } {
  return {
    limit: { type: "whole", minimum: 1, description: "Records a page; sent when given." },
    limitParam: paramOption("the limit", "limit"),
    limitBodyPath: bodyPathOption("the limit"),
  };
}

/** A value goes to one place. */
export function checkPlaces(
  options: Readonly<Record<string, unknown>>,
  ...places: readonly string[]
): readonly OptionProblem[] {
  const given = places.filter((name) => options[name] != null);
  const words = given.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  const [, second] = given;
  return second === undefined
    ? []
    : [{ option: second, message: `${words.join(" and ")} exclude each other: give one of them` }];
}
