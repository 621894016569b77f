import { inject } from "vitest";

/** Returns the folder of an app with both packages installed. Throws if they could not be built. */
export function appFolder(): string {
  const problem = inject("appProblem");
  if (problem !== "") throw new Error(`the packages were not built: ${problem}`);
  return inject("app");
}
