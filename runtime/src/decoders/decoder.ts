/** Decodes bodies that are not JSON: `jsonLines()`, `csv()`. */
export interface Decoder {
  /** The `type` in the spec: `csv`. */
  readonly type: string;
  /** The options of the factory, as data. */
  readonly options: object;
  /** The value of the `Accept` header unless another header replaces it. */
  readonly accept: string;
  /** The charset of the body, instead of the charset in `Content-Type`. */
  readonly encoding?: string | undefined;
  /** Decompresses content that is itself compressed. Throws if the content is truncated. */
  readonly decompress?: ((parts: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
  /**
   * Starts to decode a body. Call `fail("INVALID_BODY", …)` for a body of another format. `isFirst`: the read has received
   * no page yet.
   */
  readonly start: (isFirst?: boolean) => BodyDecoder;
}

/** Decodes one body. */
export interface BodyDecoder {
  /** Receives the text of the body, in one or more pieces. */
  readonly push: (text: string) => void;
  /**
   * Returns the decoded body, from which the resource's selector takes the records. `isOpenEnded`: the response does not
   * state where its body ends, so the last line may be truncated.
   */
  readonly end: (isOpenEnded?: boolean) => unknown;
}
