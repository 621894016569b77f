// The API of the bench, in its own process. It sends prepared buffers over a plain socket, so it takes only a small part
// of any client's time.
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createPage, smallPageSize } from "./records.js";

/** Number of pages with different records. Later pages repeat them, so all pages have the same size. */
const distinct = 800;

const bodies = Array.from({ length: distinct }, (_, index) => Buffer.from(createPage(index + 1)));
const smallBodies = Array.from({ length: distinct / 4 }, (_, index) =>
  Buffer.from(createPage(index + 1, smallPageSize)),
);
const empty = Buffer.from('{"items":[],"page":0}');

/** `GET /<latency in ms>/<pages>/records?page=<n>` */
const route = /^GET \/(\d+)\/(\d+)\/records\?(?:\S*&)?page=(\d+)/;
const smallLimit = new RegExp(`[?&]limit=${smallPageSize}[& ]`);
const endOfHead = "\r\n\r\n";

const server = createServer((socket) => {
  let received = "";
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  // Requests have no body, so each ends with an empty line.
  socket.on("data", (bytes) => {
    received += bytes.toString("latin1");
    for (let end = received.indexOf(endOfHead); end >= 0; end = received.indexOf(endOfHead)) {
      answer(socket, received.slice(0, end));
      received = received.slice(end + endOfHead.length);
    }
  });
});

// Exit if the bench has ended, for whatever reason.
process.once("disconnect", () => process.exit());

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));

function answer(socket: Socket, head: string): void {
  const [, latency, pages, page] = route.exec(head) ?? [];
  if (page === undefined || !/^x-api-key: any$/im.test(head)) {
    socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  const number = Number(page);
  const list = smallLimit.test(head) ? smallBodies : bodies;
  const body = number > Number(pages) ? empty : (list[(number - 1) % list.length] ?? empty);
  const start = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nX-Total-Pages: ${pages}\r\n\r\n`;
  if (latency === "0") send(socket, start, body);
  else setTimeout(send, Number(latency), socket, start, body);
}

function send(socket: Socket, start: string, body: Buffer): void {
  socket.cork();
  socket.write(start, "latin1");
  socket.write(body);
  socket.uncork();
}
