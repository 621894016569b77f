import type { Checkpoint } from "@connector-gen/runtime";
import type { StandardSchema } from "../../runtime/src/client/schemas.js";
import type { Shop } from "./shop-client.js";
import type { Span, Tracer } from "./trace-read.js";

// The names that code blocks of the reference use without declaring them.
declare global {
  const shop: Shop;
  const save: (records: readonly unknown[], checkpoint: Checkpoint) => Promise<void>;
  const loadCheckpoint: () => Promise<Checkpoint | undefined>;
  const loadCheckpoints: () => Promise<readonly Checkpoint[]>;
  const deleteCheckpoints: () => Promise<void>;
  const saveCheckpoint: (checkpoint: Checkpoint) => Promise<void>;
  const vault: {
    readonly read: (path: string) => Promise<string>;
    readonly write: (path: string, value: string) => Promise<void>;
  };
  const metrics: { readonly count: (name: string) => void };
  const customerSchema: StandardSchema;
  /** The part of `@opentelemetry/api` that the code blocks import. */
  const openTelemetryTrace: {
    readonly getTracer: (name: string) => Tracer & {
      readonly startActiveSpan: <T>(
        name: string,
        run: (span: Span & { readonly end: () => void }) => Promise<T>,
      ) => Promise<T>;
    };
  };
}
