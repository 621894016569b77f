import { responseActions, singlePage } from "../../../runtime/src/index.js";
import type { ResponseRule } from "../../../runtime/src/http/response-actions.js";
import { errorOf, fakeFetch, open, type Reply } from "../fixtures.js";

/** The result of a read under these rules: the ids or the error, and the number of requests. */
export async function outcome(rules: readonly ResponseRule[], replies: readonly Reply[]): Promise<object> {
  const { fetch, seen } = fakeFetch((_request, n) => replies[n - 1] ?? replies.at(-1) ?? {});
  const resource = { actions: responseActions(rules), paginator: singlePage() };
  const records = open({ url: "http://api.test", resource, options: { fetch } })().toArray();
  const ended = await records.then(
    (rows) => ({ ids: rows.map(({ id }) => id) }),
    async () => {
      const { name, code, status, message } = await errorOf(records);
      return { name, code, status, message: message.replace(/^shop\.rows page 1: |: GET.*/g, "") };
    },
  );
  return { ...ended, asked: seen.length };
}

export const ok: Reply = { body: { items: [{ id: 1 }] } };
export const missing: Reply = { status: 404, body: { e: 1 } };
export const failing: Reply = { status: 500, body: { e: 1 } };
