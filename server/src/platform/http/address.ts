import { isIPv6 } from 'node:net';

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
