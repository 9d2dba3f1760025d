import { OnnxGraph } from './onnx-graph.ts';
import { maxPieces } from './tokenizer.ts';
import type { Dense, EncoderWeights, LayerWeights, Norm } from './weights.ts';

/** Change it whenever `buildOnnxModel` gives other bytes: files made before are then left alone. */
export const generatorVersion = 2;

/** Numbers per vector. */
export const encoderDimensions = 512;

export type Precision = 'int8' | 'float32';

/** Names, types and shapes of the graph's inputs; `batchInputs` in encoder.session.ts fills them. */
const inputs = {
  /** int32 [batch, length]: vocabulary ids, padded with any id. */
  pieces: ['batch', 'length'],
  /** int32 [length]: 0, 1, 2 … */
  positions: ['length'],
  /** float32 [batch, 1, 1, length]: 0 for a piece, -1e9 for padding. */
  mask: ['batch', 1, 1, 'length'],
  /** float32 [batch, 1, length]: 1 / number of pieces for a piece, 0 for padding. */
  share: ['batch', 1, 'length'],
} as const;

/**
 * Builds Universal Sentence Encoder lite (a two-layer transformer; Cer et al. 2018) as the bytes of
 * an ONNX file with one output, `vectors` float32 [batch, 1, 512], of length 1. The forward pass is
 * that of the package's TensorFlow graph; see AI.md, section 1.
 *
 * `int8` quantises the weights of all dense layers per column, symmetrically, and their inputs
 * while running: a quarter of the arithmetic and half the file, at a cosine of about .999.
 */
export function buildOnnxModel(weights: EncoderWeights, precision: Precision): Uint8Array {
  const graph = new OnnxGraph();
  const dense = precision === 'int8' ? quantisedDense : floatDense;
  const pieces = graph.input('pieces', 'int32', inputs.pieces);
  const positions = graph.input('positions', 'int32', inputs.positions);
  const mask = graph.input('mask', 'float32', inputs.mask);
  const share = graph.input('share', 'float32', inputs.share);

  // The original adds the embedding to itself plus the position signal.
  const doubled = weights.embedding.map((value) => 2 * value);
  const table = graph.constant(doubled, [doubled.length / 256, 256]);
  const signal = graph.constant(positionSignal(weights.frequencies), [maxPieces, 256]);
  let x = graph.node('Add', [
    graph.node('Gather', [table, pieces]),
    graph.node('Gather', [signal, positions]),
  ]);
  let residual = dense(graph, x, weights.widen);
  for (const layer of weights.layers) {
    x = transformerLayer(graph, dense, layer, { x, residual, mask });
    residual = x;
  }

  const mean = graph.node('MatMul', [share, x]);
  const pooled = graph.node('Tanh', [dense(graph, mean, weights.pooled)]);
  const unit = graph.node('LpNormalization', [pooled]); // by default L2 over the last axis
  graph.output(unit, 'vectors', 'float32', ['batch', 1, encoderDimensions]);
  return graph.finish('teambrain');
}

type DenseBuilder = (graph: OnnxGraph, x: string, layer: Dense) => string;

/** Pre-norm attention and feed-forward; `x` is normalised, `residual` (512 wide) is added to. */
function transformerLayer(
  graph: OnnxGraph,
  dense: DenseBuilder,
  layer: LayerWeights,
  { x, residual, mask }: { x: string; residual: string; mask: string },
): string {
  const { width, heads } = layer;
  const headWidth = width / heads;
  const normal = normalise(graph, x, layer.attentionNorm);
  const qkv = dense(graph, normal, withScaledQueries(layer.qkv, headWidth));
  const perHead = graph.constant(bigInts([0, 0, heads, headWidth]), [4]); // 0 keeps a side
  const together = graph.constant(bigInts([0, 0, width]), [3]);
  const [q, k, v] = graph.nodes('Split', [qkv], 3, { axis: 2 }).map((part, i) =>
    graph.node('Transpose', [graph.node('Reshape', [part, perHead])], {
      perm: i === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3],
    }),
  ) as [string, string, string];
  const scores = graph.node('Add', [graph.node('MatMul', [q, k]), mask]);
  const attended = graph.node('MatMul', [graph.node('Softmax', [scores]), v]);
  const merged = graph.node('Reshape', [
    graph.node('Transpose', [attended], { perm: [0, 2, 1, 3] }),
    together,
  ]);
  const y = graph.node('Add', [dense(graph, merged, layer.attentionOut), residual]);
  const inner = dense(graph, normalise(graph, y, layer.feedForwardNorm), layer.feedForward1);
  const outer = dense(graph, graph.node('Relu', [inner]), layer.feedForward2);
  return graph.node('Add', [outer, y]);
}

function normalise(graph: OnnxGraph, x: string, norm: Norm): string {
  const scale = graph.constant(norm.scale, [norm.scale.length]);
  const bias = graph.constant(norm.bias, [norm.bias.length]);
  return graph.node('LayerNormalization', [x, scale, bias], { epsilon: { float: 1e-6 } });
}

function floatDense(graph: OnnxGraph, x: string, { inputs, outputs, kernel, bias }: Dense): string {
  const product = graph.node('MatMul', [x, graph.constant(kernel, [inputs, outputs])]);
  return graph.node('Add', [product, graph.constant(bias, [outputs])]);
}

/** This exact chain of nodes is what ONNX Runtime fuses into one fast integer product. */
function quantisedDense(graph: OnnxGraph, x: string, layer: Dense): string {
  const { kernel, scales } = quantiseColumns(layer);
  const weight = graph.constant(kernel, [layer.inputs, layer.outputs]);
  const [quantised, scale, zero] = graph.nodes('DynamicQuantizeLinear', [x], 3) as [
    string,
    string,
    string,
  ];
  const product = graph.node('MatMulInteger', [quantised, weight, zero]);
  const rescale = graph.node('Mul', [scale, graph.constant(scales, [layer.outputs])]);
  const float = graph.node('Cast', [product], { to: 1 });
  const scaled = graph.node('Mul', [float, rescale]);
  return graph.node('Add', [scaled, graph.constant(layer.bias, [layer.outputs])]);
}

/**
 * Of a quantised weight. Seven bits: processors that add two products up in 16 bits (x86 without VNNI)
 * would cut larger sums off.
 */
const LARGEST = 64;

function quantiseColumns({ inputs, outputs, kernel }: Dense): {
  kernel: Int8Array;
  scales: Float32Array;
} {
  const largest = new Float32Array(outputs);
  for (let i = 0; i < kernel.length; i++) {
    const column = i % outputs;
    largest[column] = Math.max(largest[column]!, Math.abs(kernel[i]!));
  }
  const scales = largest.map((value) => (value > 0 ? value / LARGEST : 1));
  const quantised = new Int8Array(inputs * outputs);
  for (let i = 0; i < kernel.length; i++)
    quantised[i] = Math.round(kernel[i]! / scales[i % outputs]!);
  return { kernel: quantised, scales };
}

/** Moves attention's 1/√d from every run into the weights of the queries, the first columns. */
function withScaledQueries(qkv: Dense, headWidth: number): Dense {
  const width = qkv.outputs / 3;
  const scale = (value: number, i: number) =>
    i % qkv.outputs < width ? value / Math.sqrt(headWidth) : value;
  return { ...qkv, kernel: qkv.kernel.map(scale), bias: qkv.bias.map(scale) };
}

/** [maxPieces, 256]: sines, then cosines, of position × frequency. */
function positionSignal(frequencies: Float32Array): Float32Array {
  const half = frequencies.length;
  const signal = new Float32Array(maxPieces * 2 * half);
  for (let position = 0; position < maxPieces; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      signal[position * 2 * half + i] = Math.sin(angle);
      signal[position * 2 * half + half + i] = Math.cos(angle);
    }
  }
  return signal;
}

function bigInts(values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values, BigInt);
}
