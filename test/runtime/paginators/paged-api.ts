import { open, type Setup } from "../fixtures.js";
import { paging, type Fault, type Paging } from "../faults.js";
import { answer, serve, type TestServer } from "../server.js";

/** The default: 45 records in five pages by number. */
const api: Paging = { style: "page_number", records: 45, size: 10 };

/** Serves such an API and opens a client of it. */
export async function openApi(
  given: Partial<Paging> = {},
  setup: Partial<Setup> = {},
): Promise<{ server: TestServer; read: ReturnType<typeof open> }> {
  const server = await serve(paging({ ...api, ...given }));
  return { server, read: open({ url: server.url, ...setup }) };
}

/** A permanent fault. */
export const gone: Fault = (response) => answer(response, 404);
