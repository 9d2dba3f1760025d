import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import negotiator from '@fastify/accept-negotiator';

/** Below so many bytes compression does not pay. */
export const WORTH_PACKING = 2_048;

export type Packing = 'br' | 'gzip';

/** As `accept-encoding` usually comes, there are few; others are worked out each time. */
const { Negotiator } = negotiator;
const wanted = new Negotiator({ supportedValues: ['br', 'gzip', 'identity'] });

/** What the caller takes of an answer's encodings, the best first; null for the bytes as they are. */
export function packingFor(acceptEncoding: string | undefined): Packing | null {
  if (!acceptEncoding) return null;
  const found = wanted.negotiate(acceptEncoding);
  return found === 'br' || found === 'gzip' ? found : null;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
/** As good as gzip's usual level and faster; the highest ones are for files packed once. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** Packs in the thread pool, so that other requests go on. */
export const pack = (bytes: Buffer, packing: Packing): Promise<Buffer> =>
  packing === 'br' ? brotli(bytes, BROTLI) : zip(bytes);
