import type { Steps } from "../read/steps.js";

/** The steps of a read whose records change before they are handed on. */
export const shapingSteps: Partial<Steps> = {
  finish: async (run, { records, step }) => {
    for (const { shape } of run.resource.shape ?? []) records = await shape(records, run);
    return { records, step };
  },
};
