import { ProtobufWriter } from './protobuf-writer.ts';

/** Element types, numbered as in ONNX's `TensorProto.DataType`. */
const elementTypes = { float32: 1, int8: 3, int32: 6, int64: 7 } as const;
type ElementType = keyof typeof elementTypes;
type TensorData = Float32Array | Int8Array | BigInt64Array;

/** An attribute: a non-negative integer, a list of them, or `{ float }` as 1 may mean either. */
type Attribute = number | readonly number[] | { readonly float: number };

/**
 * Builds an ONNX model file (field numbers from `onnx.proto3`, IR version 8, operator set 17).
 * Values are named automatically; each method returns the names to pass on.
 */
export class OnnxGraph {
  readonly #graph = new ProtobufWriter();
  #names = 0;

  /** Adds a node with one output and returns its name. */
  node(type: string, inputs: readonly string[], attributes?: Record<string, Attribute>): string {
    return this.nodes(type, inputs, 1, attributes)[0]!;
  }

  /** Adds a node with several outputs and returns their names. */
  nodes(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.#name());
    const node = new ProtobufWriter();
    for (const input of inputs) node.string(1, input);
    for (const name of names) node.string(2, name);
    node.string(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#graph.message(1, node);
    return names;
  }

  /** Stores a tensor (little-endian, row-major) in the file and returns its name. */
  constant(data: TensorData, shape: readonly number[]): string {
    const name = this.#name();
    const tensor = new ProtobufWriter();
    for (const side of shape) tensor.integer(1, side);
    tensor.integer(2, elementTypes[elementType(data)]).string(8, name);
    tensor.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#graph.message(5, tensor);
    return name;
  }

  /** Declares an input; a side given as text is variable. */
  input(name: string, type: ElementType, shape: readonly (string | number)[]): string {
    this.#graph.message(11, valueInfo(name, type, shape));
    return name;
  }

  /** Gives an existing value its public name and declares it an output. */
  output(
    value: string,
    name: string,
    type: ElementType,
    shape: readonly (string | number)[],
  ): void {
    const node = new ProtobufWriter().string(1, value).string(2, name).string(4, 'Identity');
    this.#graph.message(1, node).message(12, valueInfo(name, type, shape));
  }

  /** The bytes of the model file. */
  finish(producer: string): Uint8Array {
    const operators = new ProtobufWriter().string(1, '').integer(2, 17);
    return new ProtobufWriter()
      .integer(1, 8)
      .string(2, producer)
      .message(7, this.#graph.string(2, 'encoder'))
      .message(8, operators)
      .finish();
  }

  #name(): string {
    return `v${this.#names++}`;
  }
}

function elementType(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int8Array ? 'int8' : 'int64';
}

function attribute(name: string, value: Attribute): ProtobufWriter {
  const message = new ProtobufWriter().string(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  for (const item of value) message.integer(8, item);
  return message.integer(20, 7);
}

function valueInfo(
  name: string,
  type: ElementType,
  shape: readonly (string | number)[],
): ProtobufWriter {
  const sides = new ProtobufWriter();
  for (const side of shape) {
    const dimension = new ProtobufWriter();
    if (typeof side === 'number') dimension.integer(1, side);
    else dimension.string(2, side);
    sides.message(1, dimension);
  }
  const tensor = new ProtobufWriter().integer(1, elementTypes[type]).message(2, sides);
  return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, tensor));
}
