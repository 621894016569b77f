/** The platform's own `fetch`, signals, console and zod fit the runtime's structural types. */
import { createAnalytics } from "../../generated/analytics.js";

const controller = new AbortController();

export const analytics = createAnalytics({
  fetch,
  logger: console,
  onEvent: (event) => {
    if (event.type === "retry") console.log(event.delayMs, event.message);
  },
});

export const custom = createAnalytics({
  fetch: async (url, init) => fetch(url, init),
});

export const records = analytics.courses({ signal: controller.signal });
