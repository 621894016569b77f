import { answerJson, serve, type Seen, type TestServer } from "../runtime/server.js";

/** A secret that no written file may contain. */
export const canary = "s3cret-canary-4711";

/** Creates articles with these ids. */
export function articles(first: number, last: number): object[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const id = first + index;
    return { id, title: `t${id}`, subtitle: id % 3 ? null : "s", ...(id % 5 === 0 && { tag: "x" }) };
  });
}

/** Serves 60 articles in pages of 25 with a cursor, to requests that pass `allows`. */
export function blog(
  allows: (request: Seen) => boolean = () => true,
  challenge?: string,
): Promise<TestServer> {
  return serve((request, response) => {
    const { path, query } = request;
    if (!allows(request)) {
      response.writeHead(401, {
        "content-type": "application/json",
        ...(challenge && { "www-authenticate": challenge }),
      });
      response.end("{}");
    } else if (/^\/v1\/articles\/\d+\/comments$/.test(path)) {
      const at = Number(/\d+/.exec(path.slice(4))?.[0]);
      answerJson(response, {
        items:
          at === 1
            ? []
            : [
                { id: at * 10, text: "a" },
                { id: at * 10 + 1, text: null },
              ],
      });
    } else if (path === "/v1/articles") {
      const at = Number((query.get("cursor") ?? "c0").slice(1));
      const next = at + 25 < 60 ? `c${at + 25}` : null;
      answerJson(response, { items: articles(at + 1, Math.min(60, at + 25)), meta: { next_cursor: next } });
    } else if (path === "/v1/authors")
      answerJson(response, [
        { uid: "a", big: 1 },
        { uid: "b", big: 2 },
      ]);
    else answerJson(response, {});
  });
}

/** Whether a request has the token. */
export const bearer = ({ headers }: Seen): boolean => headers.authorization === `Bearer ${canary}`;
