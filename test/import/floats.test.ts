import { describe, expect, it } from "vitest";
import { importEndpoint } from "./fixtures.js";

// Python sends 2.0 with its decimal; the number of JSON has none.
describe("a float in params", () => {
  const rows = [
    { given: "2.0", want: "2.0" },
    { given: "-3.0", want: "-3.0" },
    { given: "1_000.0", want: "1000.0" },
    { given: "10 / 5", want: "2.0" },
    { given: "1.0 + 1", want: "2.0" },
    { given: 'float("3")', want: "3.0" },
    { given: "str(1e3)", want: "1000.0" },
    { given: 'f"v{1.0}"', want: "v1.0" },
    { given: "0.5", want: 0.5 },
    { given: "2", want: 2 },
    { given: "int(2.0)", want: 2 },
    { given: "7 // 2", want: 3 },
    { given: "0xe", want: 14 },
  ];
  it.each(rows)("$given is $want", ({ given, want }) => {
    expect(importEndpoint(`"params": {"v": ${given}}`).endpoint).toEqual({ params: { v: want } });
  });
});
