import { describe, expect, it } from "vitest";
import { offset, pageNumber, singlePage } from "../../runtime/src/index.js";
import { items, walk, type Case } from "./walk.js";

const contradictions: readonly Case[] = [
  {
    name: "an empty page before the total",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 5 }), items(0, { total: 5 })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page before the total of pages",
    given: pageNumber({ basePage: 1 }),
    bodies: [items(2, { total: 5 }), items(0, { total: 5 })],
    asks: [1, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page before a total that it does not repeat",
    given: offset({ limit: 2 }),
    bodies: [items(2, { total: 5 }), items(0)],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page beside a flag that says true",
    given: offset({ limit: 2, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(2, { more: true }), items(0, { more: true })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
  {
    name: "an empty page beside a flag that says yes",
    given: offset({ limit: 2, totalPath: null, hasMorePath: ["more"] }),
    bodies: [items(2, { more: "yes" }), items(0, { more: "yes" })],
    asks: [0, 2],
    end: "TRUNCATED",
  },
];

describe("an empty page that contradicts the response", () => {
  it.each(contradictions)("is truncation: $name", ({ given, bodies, asks, end }) => {
    const walked = walk(given, bodies);
    expect(walked.end).toBe(end);
    expect(walked.asked).toHaveLength(asks.length);
  });
});

describe("single_page", () => {
  it("asks once, whatever the response says (ignores-next)", () => {
    const walked = walk(singlePage(), [items(2, { next: "/items?p=2", total: 9, has_more: true })]);
    expect(walked).toEqual({ asked: [""], end: "single_page", warnings: [] });
  });
});

describe("words for yes and no", () => {
  const words = [
    ...[true, "true", "TRUE", "yes", "Yes", "t", "y", "1"].map((given) => ({
      given,
      end: "maximum_reached",
    })),
    ...[false, "false", "False", "no", "NO", "f", "n", "0"].map((given) => ({
      given,
      end: "has_more_false",
    })),
    ...[0, 1, "", "on", {}, [], "true "].map((given) => ({ given, end: "PAGE_INFO_INVALID" })),
    { given: null, end: "PAGE_INFO_MISSING" },
  ];
  it.each(words)("has_more $given: $end", ({ given, end }) => {
    const paginator = offset({ limit: 1, totalPath: null, hasMorePath: ["more"], maximumOffset: 3 });
    expect(walk(paginator, [items(1, { more: given })]).end).toBe(end);
  });
});
