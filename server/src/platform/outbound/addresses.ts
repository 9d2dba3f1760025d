import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where clouds answer questions about a machine and hand out its keys; nobody can name these. */
const METADATA = new Set(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16']);
/** Ranges that a named host may be in besides the public ones. */
const PRIVATE = new Set<string>(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Whether an address may be called. Public ones may; private and loopback ones only where somebody
 * named the host and port; link-local, metadata, multicast and reserved ones never.
 * @param address an IPv4 or IPv6 address; one that cannot be read may not be called
 */
export function isCallable(address: string, isNamed: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const real = ipaddr.process(address);
  if (METADATA.has(real.toString())) return false;
  const range = real.range();
  return range === 'unicast' || (isNamed && PRIVATE.has(range));
}

/** The address that a URL's host is itself, without brackets; null for a name. */
export function literalOf(hostname: string): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) ? bare : null;
}

/** `host:port` of a URL, the port also where it is the scheme's own. */
export function placeOf({ hostname, port, protocol }: URL): string {
  return `${hostname.toLowerCase()}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
