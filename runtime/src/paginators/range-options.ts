import type { Option, OptionProblem } from "../kind.js";
import type { RangeStops } from "./range.js";

/** The rows of the stop conditions that every range has. */
export function rangeStopOptions(unit: string): { readonly [K in keyof Required<RangeStops>]: Option } {
  return {
    totalPath: {
      type: "selector",
      nullable: true,
      default: "total",
      description: `Where the response says how many ${unit} there are. A path named here must be there; the default is used if it is. \`null\` does not look.`,
    },
    hasMorePath: {
      type: "selector",
      nullable: true,
      description: "Where the response says whether there is more, as true or false.",
    },
    stopAfterEmptyPage: {
      type: "flag",
      default: true,
      description: "Whether a page without records is the end.",
    },
  };
}

/** A range needs at least one condition that can end it. */
export function checkRangeStops(
  options: Readonly<Record<string, unknown>>,
  maximum: string,
): readonly OptionProblem[] {
  const canEnd =
    options["totalPath"] !== null ||
    options["hasMorePath"] != null ||
    options[maximum] != null ||
    options["stopAfterEmptyPage"] !== false;
  return canEnd ? [] : [{ message: "nothing ends the paging: name a total, a maximum or a has_more path" }];
}
