import { expect, it, vi } from "vitest";
import { hashesSince, withHashes } from "../../../runtime/src/plans/hash-log.js";

it("the hashes since an earlier state cost no copy of all hashes", () => {
  const log = ["a", "b", "c"];
  const earlier = withHashes({ last: 1 }, { log });
  log.push("d");
  const state = Object.assign(withHashes({ last: 2 }, { log }), { cursor: "day" });
  const slice = vi.spyOn(log, "slice");
  expect(hashesSince(state, earlier)).toEqual({ last: 2, cursor: "day", hashes: ["d"], adds: 3 });
  expect(slice.mock.calls).toEqual([[3, 4]]);
});

it("the hashes of another log are all new", () => {
  const earlier = withHashes({ last: 1 }, { log: ["a", "b"] });
  const state = withHashes({ last: 2 }, { log: ["c"] });
  expect(hashesSince(state, earlier)).toEqual({ last: 2, hashes: ["c"], adds: 0 });
  expect(hashesSince(state, undefined)).toEqual({ last: 2, hashes: ["c"], adds: 0 });
});
