import type { Option, OptionProblem } from "../kind.js";
import { bodyPathOption, checkPlaces, pageSizeOptions, paramOption } from "./place-options.js";
import type { TokenOptions } from "./token.js";

/** The rows that every paginator of tokens has. */
export function tokenOptions(): { readonly [K in keyof Required<TokenOptions>]: Option } {
  return {
    cursorParam: paramOption("the cursor", "cursor"),
    cursorBodyPath: bodyPathOption("the cursor"),
    cursorHeader: {
      type: "text",
      nullable: true,
      description: "Header of the request that takes the cursor, in place of a query parameter.",
    },
    ...pageSizeOptions(),
    hasMorePath: {
      type: "selector",
      nullable: true,
      description: "Where the response says whether there is more, as true or false.",
    },
    stopAfterEmptyPage: {
      type: "flag",
      default: false,
      description: "Whether a page without records is the end, whatever cursor it has.",
    },
  };
}

/** Cursor and limit go to one place each. */
export function checkToken(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  return [
    ...checkPlaces(options, "cursorParam", "cursorBodyPath", "cursorHeader"),
    ...checkPlaces(options, "limitParam", "limitBodyPath"),
  ];
}

/** `by cursor, 100 a page` */
export function tokenPhrase(phrase: string, { limit }: Readonly<Record<string, unknown>>): string {
  return typeof limit === "number" ? `${phrase}, ${limit} records per page` : phrase;
}
