import type { ReadEvent, RequestEvent } from "@connector-gen/runtime";

/** The parts of OpenTelemetry's `Tracer`, `Span` and `Attributes` that this file needs. */
export interface Tracer {
  startSpan(name: string, options: { kind: number; startTime: number; attributes: Attributes }): Span;
}
export interface Span {
  setStatus(status: { code: number; message?: string }): unknown;
  setAttribute(name: string, value: string | number): unknown;
  addEvent(name: string, attributes: Attributes): unknown;
  recordException(error: Error): void;
  end(endTime: number): void;
}
type Attributes = Record<string, string | number | undefined>;

const clientKind = 2; // SpanKind.CLIENT
const errorStatus = 2; // SpanStatusCode.ERROR

/**
 * Returns an `onEvent` for one read. Every request becomes a span, a child of the active one. Retries, warnings and the
 * outcome are recorded on `read`, the span of the whole read, which the caller ends.
 */
export function traceRead(tracer: Tracer, read: Span): (event: ReadEvent) => void {
  // Requests in flight by `requestId`: with `readAhead` and `concurrency` there are several at a time.
  const inFlight = new Map<number, { request: RequestEvent; sentAt: number }>();

  /** Starts and ends the span of a request that is over. */
  const record = (id: number, sentAt: number, outcome: Attributes): void => {
    const request = inFlight.get(id)?.request;
    if (!request) return;
    const span = tracer.startSpan(request.method, {
      kind: clientKind,
      startTime: sentAt,
      attributes: {
        "http.request.method": request.method,
        "url.full": request.url,
        "http.request.resend_count": request.attempt > 1 ? request.attempt - 1 : undefined,
        "connector.page": request.page,
        ...outcome,
      },
    });
    if (outcome["error.type"]) span.setStatus({ code: errorStatus });
    span.end(Date.now());
  };

  return (event) => {
    const now = Date.now();
    switch (event.type) {
      case "request":
        inFlight.set(event.requestId, { request: event, sentAt: now });
        break;
      case "response": {
        const { requestId, status, durationMs, bytes } = event;
        record(requestId, now - durationMs, {
          "http.response.status_code": status,
          "connector.response.bytes": bytes,
          "error.type": status >= 400 ? `${status}` : undefined,
        });
        // After a redirect, or a 401 with a token that can be renewed, the attempt sends another request.
        if (status < 300 || (status >= 400 && status !== 401)) inFlight.delete(requestId);
        break;
      }
      case "retry": {
        const { requestId, code, message, delayMs } = event;
        // Without a response, the request is still in flight here.
        record(requestId, inFlight.get(requestId)?.sentAt ?? now, { "error.type": code });
        inFlight.delete(requestId);
        read.addEvent("retry", { "error.type": code, message, "connector.delay_ms": delayMs });
        break;
      }
      case "foreign_origin":
        read.addEvent("foreign_origin", { "server.address": event.origin, "connector.via": event.via });
        break;
      case "page":
        break; // Its last response was recorded already.
      case "pages.discarded":
        read.setAttribute("connector.pages_discarded", event.count);
        break;
      case "page.drift":
      case "warning":
        read.addEvent(event.type, { message: event.message });
        break;
      case "complete":
        read.setAttribute("connector.records", event.records);
        break;
      case "error": {
        const { error } = event;
        for (const [id, { request, sentAt }] of inFlight) {
          // The read aborts all other requests in flight.
          const isCause = request.url === error.request?.url;
          record(id, sentAt, { "error.type": isCause ? error.code : "aborted" });
        }
        inFlight.clear();
        read.recordException(error);
        read.setStatus({ code: errorStatus, message: error.message });
        break;
      }
    }
  };
}
