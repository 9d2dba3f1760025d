import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { addressNumber, forwardedAddress } from './address.ts';

/** First and last address of a range, as `addressNumber` counts them. */
type Range = readonly [from: bigint, to: bigint];

const ALL_BITS = 128;
const PUBLIC: readonly Range[] = [rangeOf('0.0.0.0', 0), rangeOf('2000::', 3)];

function rangeOf(address: string, prefix: number): Range {
  const free = BigInt((isIPv4(address) ? 32 : ALL_BITS) - prefix);
  const from = (addressNumber(address) >> free) << free;
  return [from, from + (1n << free) - 1n];
}

/** `10.0.0.0/8`, `::1` → its addresses; null for what is neither an address nor a range. */
function parseRange(text: string): Range | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? ALL_BITS : -1;
  const length = prefix ?? String(bits);
  const isRange = rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits;
  return isRange ? rangeOf(address, Number(length)) : null;
}

const rangesOf = (texts: readonly string[]) =>
  texts.map(parseRange).filter((range) => range !== null);

export const isRange = (text: string): boolean => parseRange(text) !== null;

/**
 * Whether the ranges hold half of the public addresses of IPv4 or of IPv6, or more: so many are
 * nobody's proxies, and each of them could claim to be anyone. Several ranges count together.
 */
export function isMostOfTheInternet(texts: readonly string[]): boolean {
  const ranges = rangesOf(texts);
  ranges.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return PUBLIC.some(([first, last]) => {
    let [held, next] = [0n, first];
    for (const [from, to] of ranges) {
      const begin = from > next ? from : next;
      const end = to < last ? to : last;
      if (end < begin) continue;
      held += end - begin + 1n;
      next = end + 1n;
    }
    return held * 2n >= last - first + 1n;
  });
}

/** What is known of a request's way here. */
export interface Origins {
  /** The client's address: the first one, counted from us, that is not a trusted proxy's. */
  addressOf(request: Pick<IncomingMessage, 'headers' | 'socket'>): string;
  /** Whether a trusted proxy handed the request over. */
  isProxied(request: Pick<IncomingMessage, 'socket'>): boolean;
}

/**
 * Reads `X-Forwarded-For` from trusted proxies, from its end, where each wrote the address it saw.
 * Where one wrote no address (`unknown`), the client is unknown and counts as that proxy.
 * @param trusted addresses and CIDR ranges; empty believes nobody
 */
export function createOrigins(trusted: readonly string[]): Origins {
  const ranges = rangesOf(trusted);
  const isTrusted = (address: string) => {
    if (ranges.length === 0 || address === '') return false;
    const number = addressNumber(address);
    return ranges.some(([from, to]) => from <= number && number <= to);
  };
  return {
    isProxied: ({ socket }) => isTrusted(socket.remoteAddress ?? ''),
    addressOf({ headers, socket }) {
      let address = socket.remoteAddress ?? '';
      const header = headers['x-forwarded-for'];
      if (header === undefined || !isTrusted(address)) return address;
      const elements = String(header).split(',').reverse();
      for (const element of elements) {
        if (element.trim() === '') continue;
        const next = forwardedAddress(element);
        if (next === null) break;
        address = next;
        if (!isTrusted(address)) break;
      }
      return address;
    },
  };
}
