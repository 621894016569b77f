import fc from "fast-check";

/** Texts of any code points, lone surrogates included. The unit `binary` of fast-check takes a second to prepare. */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  const points = fc.array(
    fc.integer({ min: 0, max: 0x10ffff }),
    maxLength === undefined ? {} : { maxLength },
  );
  return points.map((numbers) => String.fromCodePoint(...numbers));
}
