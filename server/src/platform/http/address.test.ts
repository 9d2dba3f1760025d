import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressKey } from './address.ts';

const group = fc.integer({ min: 0, max: 0xffff });
/** The first four groups of an address that holds no IPv4. */
const subscriber = fc
  .tuple(group, group, group, group)
  .filter(([a, b, c, d]) => a + b + c + d > 0 && !(a === 0x64 && b === 0xff9b));
const rest = fc.tuple(group, group, group, group);
const octets = fc.tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 255 })));

/** Ways to write the same address: leading zeros, capitals, `::` for a run of zeros, a zone. */
function spellings(groups: readonly number[]): string[] {
  const plain = groups.map((value) => value.toString(16));
  const whole = plain.join(':');
  const padded = groups.map((value) => value.toString(16).padStart(4, '0')).join(':');
  const short = new URL(`http://[${whole}]`).hostname.slice(1, -1);
  const [, , , , , , high = 0, low = 0] = groups;
  const tail = [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const dotted = `${plain.slice(0, 6).join(':')}:${tail}`;
  return [whole, padded, short, dotted, whole.toUpperCase(), `${short}%eth0`];
}

describe('the bucket of an address', () => {
  it('is one for all addresses of an IPv6 /64, however they are written', () => {
    fc.assert(
      fc.property(subscriber, rest, rest, (network, one, two) => {
        const all = [...spellings([...network, ...one]), ...spellings([...network, ...two])];
        expect(new Set(all.map(addressKey)).size).toBe(1);
      }),
    );
  });

  it('is another for another /64', () => {
    fc.assert(
      fc.property(subscriber, subscriber, rest, (one, two, host) => {
        fc.pre(one.join() !== two.join());
        const [a = '', b = ''] = [one, two].map((network) => spellings([...network, ...host])[2]);
        expect(addressKey(a)).not.toBe(addressKey(b));
      }),
    );
  });

  it('of IPv4 is the address itself, also where IPv6 carries it', () => {
    fc.assert(
      fc.property(octets, ([a = 0, b = 0, c = 0, d = 0]) => {
        const address = [a, b, c, d].join('.');
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const carried = [
          `::ffff:${address}`,
          `::FFFF:${address}`,
          `0:0:0:0:0:ffff:${address}`,
          `::ffff:${hex}`,
          `0000:0000:0000:0000:0000:ffff:${hex}`,
        ];
        for (const one of [address, ...carried]) expect(addressKey(one), one).toBe(address);
      }),
    );
  });

  it('is never the same for IPv4 and for IPv6 proper', () => {
    fc.assert(
      fc.property(octets, subscriber, rest, (four, network, host) => {
        const [six = ''] = spellings([...network, ...host]);
        expect(addressKey(four.join('.'))).not.toBe(addressKey(six));
      }),
    );
  });

  it.each([
    ['::1', '0:0:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['::5:6:7:8:9', '0:0:0:5::/64'],
    ['::5:6:7:8:1.2.3.4', '0:0:5:6::/64'],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('of what is no address is what was given', () => {
    for (const text of ['', 'unknown', 'unix:/tmp/socket', '1.2.3', '::1::2', '[::1]']) {
      expect(addressKey(text)).toBe(text);
    }
  });
});
