// The API of the bench, in a process of its own: every page is a finished buffer before the first request.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createPage, smallPageSize } from "./records.js";

/** Pages with records of their own; later pages repeat them, so that any number of pages is of equal size. */
const distinct = 800;

const bodies = Array.from({ length: distinct }, (_, index) => Buffer.from(createPage(index + 1)));
const smallBodies = Array.from({ length: distinct / 4 }, (_, index) =>
  Buffer.from(createPage(index + 1, smallPageSize)),
);
const empty = Buffer.from('{"items":[],"page":0}');

/** `/<latency in ms>/<pages>/records?page=<n>` */
const route = /^\/(\d+)\/(\d+)\/records\?(?:.*&)?page=(\d+)/;

const server = createServer((request, response) => {
  const [, latency, pages, page] = route.exec(request.url ?? "") ?? [];
  if (page === undefined || !isAllowed(request)) return void response.writeHead(400).end();
  const number = Number(page);
  const list = request.url?.includes(`limit=${smallPageSize}`) ? smallBodies : bodies;
  const body = number > Number(pages) ? empty : (list[(number - 1) % list.length] ?? empty);
  response.setHeader("x-total-pages", pages ?? "");
  if (latency === "0") answer(response, body);
  else setTimeout(answer, Number(latency), response, body);
});

// The bench holds the other end: when it is gone, however it went, so is the server.
process.once("disconnect", () => process.exit());

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));

function isAllowed({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers["x-api-key"] === "any";
}

function answer(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
}
