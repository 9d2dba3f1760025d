import { isIPv4, isIPv6 } from 'node:net';

/**
 * The bucket of a client address: IPv4 as it is, IPv6 by its /64, which is what one subscriber
 * gets. IPv4 inside IPv6 (::ffff:…) counts as IPv4.
 */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address.split('%')[0] ?? '');
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.');
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/**
 * An address as one number of 128 bits, so that ranges can be compared; IPv4 lies in ::ffff:0:0/96.
 * @param address IPv4 or IPv6 in any spelling; a zone (`%eth0`) does not count
 */
export function addressNumber(address: string): bigint {
  const groups = groupsOf(isIPv4(address) ? `::ffff:${address}` : (address.split('%')[0] ?? ''));
  return groups.reduce((number, group) => (number << 16n) | BigInt(group), 0n);
}

/** `"[2001:db8::5]:443"` → the address and perhaps a port, as RFC 7239 and some proxies write it. */
const NODE = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::(?:\d{1,5}|_[\w.-]+))?$/;

/**
 * The address in one element of a forwarding header: bare, with a port, in quotes. Null for
 * `unknown`, for hidden names (`_proxy`) and for anything else that is no address.
 */
export function forwardedAddress(element: string): string | null {
  const text = element.trim().replace(/^"(.*)"$/, '$1');
  const [, six, four] = NODE.exec(text) ?? [];
  const address = (six ?? four ?? text).split('%')[0] ?? '';
  return (six === undefined && isIPv4(address)) || (four === undefined && isIPv6(address))
    ? address
    : null;
}

/** The eight numbers of an IPv6 address in any spelling. */
function groupsOf(address: string): number[] {
  const [left = [], right = []] = address.split('::').map(numbersOf);
  const missing = Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<number>(missing).fill(0), ...right];
}

function numbersOf(part: string): number[] {
  return part
    .split(':')
    .filter(Boolean)
    .flatMap((group) => {
      if (!group.includes('.')) return [parseInt(group, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      return [a * 256 + b, c * 256 + d];
    });
}
