import { createHash } from 'node:crypto';
import { encoderDimensions } from '../platform/ports/ai/onnx-model.ts';
import type { Encoder } from '../platform/ports/ai/encoder.ts';

/**
 * An encoder without a model, for tests that are not about meaning: each word adds 1 or -1 at eight
 * places that its hash chooses (feature hashing), so that texts are as near as the words they share,
 * and two words that meet at one place are hardly nearer for it. It needs no process of its own,
 * which is most of what starting a test app costs.
 */
export function hashingEncoder(): Encoder {
  return {
    model: 'hashing',
    dimensions: encoderDimensions,
    encode: (texts) => Promise.resolve(texts.map(vectorOf)),
    close: () => Promise.resolve(),
  };
}

function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(encoderDimensions);
  vector[0] = 1e-3; // an empty text gets a unit vector too
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const hash = createHash('md5').update(word).digest();
    for (let at = 0; at < hash.length; at += 2) {
      const bits = hash.readUInt16LE(at);
      const place = bits % encoderDimensions;
      vector[place] = (vector[place] ?? 0) + (bits & 0x8000 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
