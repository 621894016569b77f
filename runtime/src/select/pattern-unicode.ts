import { createPatterns, type Patterns } from "./pattern.js";

/** Pattern support for `query`, with the digits and word characters of all scripts, as in Python. */
export function unicodePatterns(): Patterns {
  return createPatterns({ d: toBounds(digits), w: toBounds(wordCharacters) });
}

/** Decodes bounds from their differences in base 36. */
function toBounds(table: string): readonly number[] {
  let bound = 0;
  return table.split(" ").map((difference) => (bound += Number.parseInt(difference, 36)));
}

/** Decimal digits (category Nd) of Unicode 17. Unassigned code points have the category of the preceding code point. */
const digits =
  "1c a 17q a 3q a 5i a bg a 3a a 3a a 3a a 3a a 3a a 3a a 3a a 3a a 3a a 2o a 3a a 1y a 7q " +
  "a 1y a 1fq a 12 a 8c a 3k a 4m q 52 a 2e a 3q a 6 a r7q a iu a 12 a 5i a m a 2e a ba a " +
  "geu a 13a a 1om q m4 a 3k a 1o a 40 a 7q a 9i a 3a a ae a 2u 10 24 a bq a 2u a ie a 2e a " +
  "6u a 1y a 1i a 9y a d06 a 1t2 a 2e a 3q a eu a iuu a 250 1e 1ts a bq a dy a 6v a np a " +
  "3o6 a";

/** Letters, numbers and `_` (categories L and N), in the same encoding. */
const wordCharacters =
  "1c a 7 q 4 1 1 q 1b 1 7 2 1 1 3 2 1 3 1 n 1 v 1 cq 4 c e 5 7 1 1 1 3l 5 1 8 1 1 6 1 1 32 " +
  "1 3v 8 5s 6 15 1z z 19 17 l a 4 2 1 2r 1 1 f 2 7 f 2 1 g 1 1 u t 2h b 1m 9 2 4 1 5 m 4 1 " +
  "9 1 3 1 n p 7 14 1 7 g 16 1m 1i 3 1 i 1 7 a 4 a 1 g 4 1h 3 1 g 1 d 6 4 c 2 6 2 1 8 1h v " +
  "n 2 3 g 1h 3 1 i i 4 a 9 1 b 1h 3 1 u 6 4 a 1 7 b 1j m 1 l d i 1h 3 1 q a 4 a 8 7 1 1 4 " +
  "1h 3 1 u 6 4 d h 1j 2 1 g 1 5 3 1 a 4 j 1 6 5 1u v a h 1c 1 2 c 7 9 a 13 1c 1 2 9 a 9 1d " +
  "v k c 19 r 5 37 17 k b 6 6 4 4 3 1 3 2 7 3 4 d c 1 1 a 6 2j 1 gv e 13 g 2m 3 h8 2 h 1 q " +
  "5 23 3 10 d j e i e h f 1g z 1 4 1 3 q m 39 2 y 1 39 13 45 11 n 9 1h 17 q d 1 2l 1b h 8 " +
  "3 a 15 u d 1k q 10 s 1q 2 1s 15 4 1 6 1 2 3 5i 1s cd 1 1 3 b 3 c 4 d 5 b 37 a 5 b 6 d 2t " +
  "1 4 1 2 a 1 1 3 5 6 1 1 1 1 1 1 4 1 b 2 4 5 5 4 1 1 1m k6 1o 26 m hi u vg 6d 6 4 3 2 9 1 " +
  "2 34 g 2n 28 1 d1 3 p 9 7 5 2 5 4 2e 6 3 1 2i 1 43 3 4 a w 1c g w a u 8 1 f w a 13 f 8w " +
  "534 1s h3h 1v 1a 2 7h 3 2n g v 2 28 13 9 2 2v 2 3b 1 3 1 4 1 n d 6 a 1g e 1e s a o 6 3 1 " +
  "1 2 1 12 a n p t 7 1b s b 6 5 1 1v n 3 1 8 4 a 6 n 3 1 3 1e 1 1 3 2 2 5 2 1 1 s 2 b 7 3 " +
  "c 2i 1 e 6 37 d 8p8 6is f2 1 a 1 3s x a3 i 1s 2 1i 14 c 38 3x j a 7 q 6 q b 3b z 6z c 19 " +
  "c 1l h 2 6s 29 g 45 a u 2 1c 1 b7 c km 2 v 2 4j 4 q 6 5d f 12 a 9 n v 1 20 1 s 6 5 g 1i " +
  "a 2a n aj c 1i 9 n 62 22 6 o 1k 1y b 4 r i 1a 1z c 1h q u 1 2 2 1 d 19 w 16 9 10 f a 4 1 " +
  "2 18 3 1 c 1c e 4 b b 1 1 4 23 j 2 1r 15 7 1b h a b 1h 3 1 i 1 c 5 u 1k p 1 1 1 18 1h i " +
  "4 5 a 5 29 k 2 1 6g 15 4 10 1c k m 12 17 d 1 7 2j l c 4 6k 38 40 f 1 1 1 e 3l g 1 1 1 s " +
  "1 a 14 7 1 l 1 b 1a j 1 i 21 5j x f 1r h 1 f t 5 u 34 1d l 1 9 1m e 9n f 1 1 1c s a 2e " +
  "11 17 vj h 29d f ts h 6 p 8u6 i 1tm 6 3i i 1c g 4 c f1 3 87 9 4r 5 1 1u 27 1 1 e f54 386 " +
  "a 152 1g 30 o1 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 v 1 p 1 1o 1ds 17 79 1q 42 19 a o 8x u i 18 " +
  "4 a d2 s 4 72 2 b 5h z 1 2 1 7 2 5 9 cy 1c 1w 7 f lz 1n 1 3 1 3h 1 b1 g4 d 25f a sm 1oxm";
