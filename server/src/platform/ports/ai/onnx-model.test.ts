import { beforeAll, describe, expect, it } from 'vitest';
import { openSession } from './encoder.session.ts';
import { buildOnnxModel } from './onnx-model.ts';
import { createTokenizer, maxPieces, unknownPiece } from './tokenizer.ts';
import {
  readVocabulary,
  readWeights,
  type Dense,
  type EncoderWeights,
  type Norm,
  type VocabularyPiece,
} from './weights.ts';

const vocabulary = readVocabulary();
const tokenize = createTokenizer(vocabulary);
const spell = (text: string) => tokenize(text).map((id) => vocabulary[id]![0]);

describe('tokenizer', () => {
  it('gives the ids that the README of tfjs-models documents', () => {
    expect(tokenize('Hello, how are you?')).toEqual([341, 4125, 8, 140, 31, 19, 54]);
  });

  it('prefers the most probable segmentation to the longest piece', () => {
    const reserved = Array.from({ length: 6 }, (): VocabularyPiece => ['', 0]);
    const tiny = createTokenizer([...reserved, ['▁', -1], ['a', -2], ['b', -2], ['▁ab', -9]]);
    expect(tiny('ab')).toEqual([6, 7, 8]);
    const other = createTokenizer([...reserved, ['▁', -1], ['a', -2], ['b', -2], ['▁ab', -3]]);
    expect(other('ab')).toEqual([9]);
  });

  it('normalises by NFKC and keeps case', () => {
    expect(tokenize('ﬁne №５')).toEqual(tokenize('fine No5'));
    expect(tokenize('Friday')).not.toEqual(tokenize('friday'));
  });

  it('treats any white space as one space', () => {
    expect(tokenize('  one\n\n\ttwo\u00a0three ')).toEqual(tokenize('one two three'));
  });

  it('merges runs of unknown characters', () => {
    expect(spell('ok 日本語 ok')).toEqual(['▁ok', '▁', '\ufffd', '▁ok']);
  });

  it('cuts at 128 pieces and gives even an empty text one', () => {
    expect(tokenize('word '.repeat(500))).toHaveLength(maxPieces);
    expect(tokenize(' \n ')).toEqual([unknownPiece]);
  });
});

describe('the ONNX model against a plain float64 forward pass', () => {
  const texts = [
    'Hello',
    'How do I take a day off?',
    'Ask in #people, then enter the dates; your lead confirms within 2 days.',
    'The nightly backup is kept for thirty days, and a copy of it leaves the building every week.',
  ];
  let weights: EncoderWeights;
  let expected: Float64Array[];

  beforeAll(() => {
    weights = readWeights();
    expected = texts.map((text) => forwardPass(weights, tokenize(text)));
  });

  it.each([
    ['float32', 0.999],
    ['int8', 0.99],
  ] as const)('%s: cosine at least %f, alone and in a padded batch', async (precision, least) => {
    const session = await openSession(buildOnnxModel(weights, precision), precision);
    const batch = await session.encode(texts);
    for (const [i, text] of texts.entries()) {
      const alone = await session.encode([text]);
      expect(dot(alone, expected[i]!)).toBeGreaterThanOrEqual(least);
      expect(dot(batch.subarray(i * 512, (i + 1) * 512), expected[i]!)).toBeGreaterThanOrEqual(
        least,
      );
      expect(dot(alone, alone)).toBeCloseTo(1, 5);
    }
  });
});

/** One matrix [rows, width]. */
type Rows = Float64Array[];

/** The forward pass as AI.md tells it, one text without padding, nothing shared with the graph. */
function forwardPass(weights: EncoderWeights, pieces: readonly number[]): Float64Array {
  let x: Rows = pieces.map((id, position) =>
    Float64Array.from({ length: 256 }, (_, i) => {
      const angle = position * weights.frequencies[i % 128]!;
      const signal = i < 128 ? Math.sin(angle) : Math.cos(angle);
      return 2 * weights.embedding[id * 256 + i]! + signal;
    }),
  );
  for (const layer of weights.layers) {
    const residual = layer.width === 256 ? dense(x, weights.widen) : x;
    const qkv = dense(normalise(x, layer.attentionNorm), layer.qkv);
    const y = add(dense(attend(qkv, layer.width, layer.heads), layer.attentionOut), residual);
    const inner = dense(normalise(y, layer.feedForwardNorm), layer.feedForward1);
    const relu = inner.map((row) => row.map((value) => Math.max(0, value)));
    x = add(dense(relu, layer.feedForward2), y);
  }
  const mean = x.reduce((sum, row) => add([sum], [row])[0]!).map((value) => value / x.length);
  const pooled = dense([mean], weights.pooled)[0]!.map(Math.tanh);
  const length = Math.sqrt(dot(pooled, pooled));
  return pooled.map((value) => value / length);
}

function attend(qkv: Rows, width: number, heads: number): Rows {
  const size = width / heads;
  return qkv.map((query) => {
    const result = new Float64Array(width);
    for (let head = 0; head < width; head += size) {
      const q = query.subarray(head, head + size);
      const scores = qkv.map((row) =>
        Math.exp(dot(row.subarray(width + head, width + head + size), q) / Math.sqrt(size)),
      );
      const total = scores.reduce((sum, score) => sum + score);
      for (const [i, row] of qkv.entries()) {
        for (let j = 0; j < size; j++) {
          result[head + j]! += (scores[i]! / total) * row[2 * width + head + j]!;
        }
      }
    }
    return result;
  });
}

function dense(x: Rows, { inputs, outputs, kernel, bias }: Dense): Rows {
  return x.map((row) => {
    const result = Float64Array.from(bias);
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) result[j]! += row[i]! * kernel[i * outputs + j]!;
    }
    return result;
  });
}

function normalise(x: Rows, { scale, bias }: Norm): Rows {
  return x.map((row) => {
    const mean = row.reduce((sum, value) => sum + value) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    const deviation = Math.sqrt(variance + 1e-6);
    return row.map((value, i) => ((value - mean) / deviation) * scale[i]! + bias[i]!);
  });
}

function add(x: Rows, y: Rows): Rows {
  return x.map((row, i) => row.map((value, j) => value + y[i]![j]!));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
