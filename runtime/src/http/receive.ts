import { decodeJson } from "../decoders/decoder.js";
import { hasBody, isError, readText, toStatusFault, type Received, type Sending } from "./send.js";
import type { WireResponse } from "./transport.js";

/** The step `receive` of reads with response actions or a decoder: bodies come in pieces unless actions need the whole. */
export async function receiveAny(sending: Sending, response: WireResponse): Promise<() => Received> {
  const { decode, actions } = sending.resource;
  const { status, statusText, headers } = response;
  const decoding = status < 300 ? decode?.start() : undefined;
  const text = await readText(sending, response, actions?.readsBody ? undefined : decoding?.push);
  return () => {
    if (actions?.judge({ status, statusText, headers, text })) return { body: undefined, isIgnored: true };
    if (isError(response)) throw toStatusFault(response, sending.policy);
    if (!hasBody(sending, response)) return { body: undefined };
    decoding?.push(text);
    return { body: decoding ? decoding.end() : decodeJson(text, headers) };
  };
}
