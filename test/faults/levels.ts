import { fatalRuns } from "./fatal.js";
import { bodyFuzzRuns } from "./fuzz-bodies.js";
import { metadataFuzzRuns } from "./fuzz-metadata.js";
import { leakRuns } from "./leaks.js";
import { misbehaviourRuns } from "./misbehaviour.js";
import { parallelRuns } from "./parallel.js";
import { recoverableRuns } from "./recoverable.js";
import type { Run } from "./run.js";
import { scheduleRuns } from "./schedules.js";
import { waitRuns } from "./waits.js";

/** All runs of the matrix. `seed` determines the random schedules. */
export function allRuns(seed: number): readonly Run[] {
  return [
    ...recoverableRuns(),
    ...waitRuns(),
    ...fatalRuns(),
    ...misbehaviourRuns(),
    ...leakRuns(),
    ...scheduleRuns(seed),
    ...bodyFuzzRuns(seed),
    ...metadataFuzzRuns(seed),
    ...parallelRuns(seed),
  ];
}
