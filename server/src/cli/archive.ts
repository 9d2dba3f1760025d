/**
 * The container of a backup: an ordinary tar file (POSIX ustar) of regular files, written and read
 * so strictly that every byte is accounted for: headers are recomputed and compared, padding must be
 * zero, the end must be the end.
 */

export const BLOCK = 512;
const OCTAL_LIMIT = 8 ** 11;

export interface Member {
  name: string;
  /** Place and length of its content in the file. */
  offset: number;
  size: number;
}

/** Bytes after the content, up to the next block. */
export const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** The header block of a member. @throws RangeError for a name that does not fit */
export function makeHeader(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  if (Buffer.byteLength(name) > 100) throw new RangeError(`The name is too long: ${name}`);
  block.write(name, 0);
  block.write('0000600\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  writeSize(block, size);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Octal, or beyond 8 GiB the binary form that GNU tar and others know. */
function writeSize(block: Buffer, size: number): void {
  if (size < OCTAL_LIMIT) {
    block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    return;
  }
  block[124] = 0x80;
  block.writeBigUInt64BE(BigInt(size), 128);
}

/** Name and size of a header block; null unless it is exactly as `makeHeader` writes it. */
export function parseHeader(block: Buffer): { name: string; size: number } | null {
  const name = block.toString('utf8', 0, 100).replace(/\0[^]*$/, '');
  const isBinary = block[124] === 0x80;
  const size = isBinary
    ? Number(block.readBigUInt64BE(128))
    : Number.parseInt(block.toString('latin1', 124, 135), 8);
  if (!Number.isSafeInteger(size) || size < 0 || name === '') return null;
  return makeHeader(name, size).equals(block) ? { name, size } : null;
}
