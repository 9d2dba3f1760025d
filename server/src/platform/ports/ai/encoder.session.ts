import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { makeFolder } from '../../core/make-folder.ts';
import { buildOnnxModel, generatorVersion, type Precision } from './onnx-model.ts';
import { createTokenizer } from './tokenizer.ts';
import { readVocabulary, readWeights, weightsVersion } from './weights.ts';

type Log = (message: string) => void;

/** A loaded encoder in the current thread; `encode` blocks the thread while it computes. */
export interface EncoderSession {
  readonly precision: Precision;
  /** Unit vectors, one after the other: [texts, 512]. Best with texts of similar length. */
  encode(texts: readonly string[]): Promise<Float32Array>;
}

/**
 * Loads the encoder: int8 from `cacheDir` (made there once, 13 MB), or float32 built in memory where
 * int8 arithmetic fails the probe.
 *
 * @throws Error if the weights package or ONNX Runtime is missing, or both precisions fail
 */
export async function loadEncoderSession(cacheDir: string, log: Log): Promise<EncoderSession> {
  try {
    const session = await openSession(cachedInt8Model(cacheDir, log), 'int8');
    const similarity = await probe(session);
    if (similarity >= probeThreshold) return session;
    log(`int8 encoder gives wrong vectors here (cosine ${similarity}); using float32`);
  } catch (error) {
    log(`int8 encoder does not run here (${String(error)}); using float32`);
  }
  const session = await openSession(buildOnnxModel(readWeights(), 'float32'), 'float32');
  const similarity = await probe(session);
  if (similarity >= probeThreshold) return session;
  throw new Error(`The shipped encoder gives wrong vectors on this machine (cosine ${similarity})`);
}

/** Opens a model made by `buildOnnxModel`. @throws Error if ONNX Runtime refuses it */
export async function openSession(
  model: Uint8Array,
  precision: Precision,
): Promise<EncoderSession> {
  const session = await InferenceSession.create(model, {
    // One core for the encoder; the others serve people.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // plans memory per input shape, and ours differ in every batch
  });
  const tokenize = createTokenizer(readVocabulary());
  return {
    precision,
    async encode(texts) {
      const { vectors } = await session.run(batchInputs(texts.map(tokenize)));
      if (!(vectors?.data instanceof Float32Array)) throw new Error('The encoder gave no vectors');
      return vectors.data;
    },
  };
}

/** The graph's inputs for a batch, padded to its longest text; see `inputs` in onnx-model.ts. */
function batchInputs(batch: readonly (readonly number[])[]): Record<string, Tensor> {
  const length = batch.reduce((max, pieces) => Math.max(max, pieces.length), 1);
  const pieces = new Int32Array(batch.length * length);
  const mask = new Float32Array(batch.length * length).fill(-1e9);
  const share = new Float32Array(batch.length * length);
  for (const [row, ids] of batch.entries()) {
    const start = row * length;
    pieces.set(ids, start);
    mask.fill(0, start, start + ids.length);
    share.fill(1 / ids.length, start, start + ids.length);
  }
  const positions = Int32Array.from({ length }, (_, position) => position);
  return {
    pieces: new Tensor('int32', pieces, [batch.length, length]),
    positions: new Tensor('int32', positions, [length]),
    mask: new Tensor('float32', mask, [batch.length, 1, 1, length]),
    share: new Tensor('float32', share, [batch.length, 1, length]),
  };
}

/**
 * The int8 model, from `cacheDir` or newly made and kept there. The file's name carries the versions
 * and a hash of the content, so a damaged file is noticed and an outdated one is never used.
 */
function cachedInt8Model(cacheDir: string, log: Log): Uint8Array {
  const prefix = `use-lite-${weightsVersion}-g${generatorVersion}-`;
  const nameOf = (model: Uint8Array) =>
    `${prefix}${createHash('sha256').update(model).digest('hex').slice(0, 16)}.int8.onnx`;
  try {
    makeFolder(cacheDir);
    for (const name of readdirSync(cacheDir)) {
      if (!name.startsWith(prefix) || !name.endsWith('.int8.onnx')) continue;
      const model = readFileSync(join(cacheDir, name));
      if (nameOf(model) === name) return model;
      log(`encoder file ${name} is damaged; making it anew`);
      rmSync(join(cacheDir, name), { force: true });
    }
  } catch (error) {
    log(`cannot read the encoder's cache (${String(error)})`);
  }
  const model = buildOnnxModel(readWeights(), 'int8');
  const file = join(cacheDir, nameOf(model));
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(unfinished, model);
    renameSync(unfinished, file); // atomic: nobody ever sees half a file
    log(`encoder file made: ${file}`);
  } catch (error) {
    // The encoder works without the file; only the next start is slower.
    if (existsSync(unfinished)) rmSync(unfinished);
    log(`cannot keep the encoder's file (${String(error)})`);
  }
  return model;
}

/** Lowest acceptable cosine; int8 reaches .998 where its arithmetic is exact. */
const probeThreshold = 0.99;

/** Vectors of the original TensorFlow graph in float64, scaled to signed bytes, in base64. */
const probes = [
  {
    text: 'How do I take a day off?',
    vector:
      'lIhjgiuUSXKCc3HCTbsOFletekp12eqHm8x5kTC51oH9hl+4kiYFjaKBXozFjHot2eG2Z3C3T5AzlYybjFixdtp+UF46cn1oLXuKwRxyHYhqhkpzalwFjizFhk09I7i/aoN5SnnLRVlqhZmii319jpS316aMSepvISoIDcR9w5SjWWa6Cnmwkntshn4Boj11+hQgdBMbyecqhmMc5adYyaiRb4WWc4SnIkAh2TlnERsglDSeu2ZqjS0YPji19XmtRN+Rbj1GwHnfeI6B496BG0dy+ctDkVG4Ad7mRWTsXYKGLNldja9+eM1mfHo8ficahElYFX2IYIpgiJLZzYdJYgy2MqmgUGs2x18WMOONdXuW7Rmitz0uboVyoSNa53gv3Bus8lOqdIfpFI9BdCOKT3aC++aaViX0Sgawp5ORNshmIoHHmSyyU7wQ0E6I5X1ew+NI4oqPWNCqdnxTn12WB4J6fXXp0GrjbG73j6iSuIi0d1OGxxaBWxqsgarMOnl2j5ZsfEFIc+aJXtRuzfRq+tiCPy5433s5eopVc/Z4R26Hg71UXECeid0icQF8hAV7dPItZORwhoeQfW9lreZiu0d7ZYJZuGDyzYFqH3Om/RcXYT9XzrgJ7oFCFYJkc/JB1AmElcB1ha+T9ldvDoR9fptiY8Or7IpWv3l8zt6alDw=',
  },
  {
    text: 'The deployment to production failed twice on Friday, so we decided to roll back, restore the database from the nightly backup and write down what we learned.',
    vector:
      'k4I1iGJTFwyQxY7yL+qibLEzgi+RB62LdD8dcBv8WbUFlFsO6FyBei79XYOUL8j5L1NoU7YRERCdlfQrOKaaXvIFe7MoiNqGspeNuChT2uc7hkxmTjrFeHrAeGTaVOVz6JpulR/OwLg0lqATlGHjRk2v/NSqy8j6E8W0YrCccRgWYne3Ghv6nURFEXhxeGZ2ycTKEiXKpZ42IENUZI56l00sXaRFqXLzxl18MEc1oXa4Iw1moQg5j524bF7f7/VznMVGl2VLluT5Veq/v4cONzFtq+HvvXm7o3RdwY6m6IOQshR+l2hmdAkodO5PcaK5lBhxro1vdLoIN0tTvL23JpildTOoFE6SoSex7YqMY/nkWpVXvFCib9W8WG74wtH6qNpnjwV45JV6o4VDUdngqqHEWFtQwYV9RjOnpbGOZd4+sbke5324vtMYrURLS0Rd8USmLqX/2KdvEpEbTGyCGquZ1OL703SUEJYdDNiOAoc+kYcI81PmKbTLyavrFIk4mG1YFfpv5kibNuQrNEl0NtcHEGFTD2MRci13L2qbUy1BlZCaruJhT9wq5Yk1fgWtj038UIxvk8G4t5lZfbHNxR3vpqVKlc+g1FoPlQKf96CCPV553I7+QNCnYTky31eG9cGwmDxN9IkjdmCFVY5E8tso/6J0i++TkIebccllknE=',
  },
];

/** The lowest cosine between the session's vectors and the stored ones. */
async function probe(session: EncoderSession): Promise<number> {
  const similarities = probes.map(async ({ text, vector }) => {
    const expected = new Int8Array(Buffer.from(vector, 'base64'));
    const actual = await session.encode([text]);
    let [product, square] = [0, 0];
    for (const [i, value] of expected.entries()) {
      product += value * actual[i]!;
      square += value * value;
    }
    return product / Math.sqrt(square);
  });
  return Math.min(...(await Promise.all(similarities)));
}
