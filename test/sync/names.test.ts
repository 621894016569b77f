import { describe, expect, it } from "vitest";
import { joinNames, toFieldName } from "../../sync/src/tables/names.js";

const long = "a_quite_long_name_of_a_field_that_goes_on_and_on_until_it_ends";

/** What the naming convention `snake_case` of dlt 1.26 returns. */
const names: readonly (readonly [name: string, want: string])[] = [
  ["createdAt", "created_at"],
  ["HTTPServer", "http_server"],
  ["userIDs", "user_i_ds"],
  ["with space", "with_space"],
  ["a.b", "a_b"],
  ["a - b", "a_b"],
  ["@odata.id", "aodata_id"],
  ["x+y*z", "xxyxz"],
  ["a|b", "alb"],
  ["1st", "_1st"],
  ["trail_", "trailx"],
  ["trail__", "trail"],
  ["trail___", "trail__x"],
  ["__lead", "lead"],
  ["a__b", "a__b"],
  ["a____b", "a__b"],
  ["x___y", "x___y"],
  ["___", "x"],
  ["", "_empty"],
  ["  ", "_empty"],
  [" padded ", "padded"],
  // Characters that no name has become one underscore together.
  ["sum(total)", "sum_totalx"],
  ["rate (%)", "ratex"],
  ["日本", "x"],
  ["日本 name", "_name"],
  ["Größe", "gr_e"],
  ["😀😀a", "_a"],
  ["a\t\n b", "a_b"],
  // Digits of other scripts stay.
  ["٣rd", "_٣rd"],
  // The byte order mark is no blank.
  ["\ufeffid", "_id"],
];

describe("names of columns and tables", () => {
  it.each(names)("are those of dlt: %j", (name, want) => {
    expect(toFieldName(name, 63)).toBe(want);
  });

  it.each([
    { name: `${long}${long}`, want: "a_quite_long_name_of_a_field_pncbowgoes_on_and_on_until_it_ends" },
    { name: `${long}__${long}`, want: "a_quite_long_name_of_a_field_mqevwagoes_on_and_on_until_it_ends" },
    { name: `A ${long}`, want: "a_a_quite_long_name_of_a_fiel0q7yiagoes_on_and_on_until_it_ends" },
  ])("are cut like those of dlt: $name", ({ name, want }) => {
    expect(toFieldName(name, 63)).toBe(want);
  });

  it("of nested tables are cut as a whole", () => {
    expect(joinNames(["orders", toFieldName(long, 63)], 63)).toBe(
      "orders__a_quite_long_name_of_su1h1agoes_on_and_on_until_it_ends",
    );
  });
});
