import { randomBytes } from "node:crypto";

/** Returns a function that creates unique ids of 14 characters. One call of the random generator serves many rows. */
export function nextIds(): () => string {
  let prefix = "";
  let next = 0;
  const limit = 36 ** 5;
  return () => {
    if (prefix === "" || next >= limit) {
      prefix = randomBytes(8).toString("base64url").slice(0, 9);
      next = 0;
    }
    return prefix + (next++).toString(36).padStart(5, "0");
  };
}
