import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrigins, isMostOfTheInternet } from './proxies.ts';

const TRUSTED = ['10.0.0.0/8', '127.0.0.1', 'fd00::/8'];
const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const client = ipv4.filter((address) => !/^(?:10\.|127\.0\.0\.1$)/.test(address));

function request(remoteAddress: string, forwarded?: string) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

/** The client's address, of a request that the peer handed over with this header. */
const addressOf = (peer: string, forwarded?: string, trusted = TRUSTED) =>
  createOrigins(trusted).addressOf(request(peer, forwarded));

describe('the address of a client', () => {
  it.each([
    ['203.0.113.60:50001', '203.0.113.60'],
    ['[2001:db8::5]:443', '2001:db8::5'],
    ['[2001:db8::5]', '2001:db8::5'],
    ['2001:db8::5', '2001:db8::5'],
    ['"203.0.113.60"', '203.0.113.60'],
    ['"203.0.113.60:50001"', '203.0.113.60'],
    ['"[2001:db8::5]:443"', '2001:db8::5'],
    ['"2001:db8::5"', '2001:db8::5'],
    ['203.0.113.60:_obscured', '203.0.113.60'],
    ['[fe80::1%eth0]:1', 'fe80::1'],
    ['  203.0.113.60 , 10.0.0.9:80', '203.0.113.60'],
    ['198.51.100.1, "203.0.113.60:1"', '203.0.113.60'],
    ['203.0.113.60,, ', '203.0.113.60'],
  ])('in "%s" is %s', (forwarded, address) => {
    expect(addressOf('10.0.0.1', forwarded)).toBe(address);
  });

  it.each([
    ...['unknown', '"unknown"', 'unknown:80', '_hidden', '"_SEVKISEK:1"', '', ' , ', 'localhost'],
    ...['203.0.113.60:99999999', '203.0.113', '[203.0.113.60]', '[::1', '::1]', '203.0.113.060'],
    ...['[2001:db8::5]443', '1.2.3.4 5.6.7.8', '0x7f000001', '2001:db8::g', "'1.2.3.4'", '"'],
  ])('in "%s" is none: the client counts as the proxy that wrote it', (forwarded) => {
    expect(addressOf('10.0.0.1', forwarded)).toBe('10.0.0.1');
    expect(addressOf('10.0.0.1', `198.51.100.1, ${forwarded}, 10.0.0.2`)).toBe(
      forwarded.replaceAll(/[ ,]/g, '') === '' ? '198.51.100.1' : '10.0.0.2',
    );
  });

  it('is the last one that is not a proxy’s, whatever the client claims before it', () => {
    const claims = fc.array(fc.oneof(ipv4, fc.string()), { maxLength: 5 });
    const proxies = fc.array(fc.constantFrom('10.0.0.2', 'fd00::2', '"[fd00::3]:1"'), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(claims, client, proxies, (claimed, address, hops) => {
        expect(addressOf('::ffff:10.0.0.1', [...claimed, address, ...hops].join(', '))).toBe(
          address,
        );
      }),
    );
  });

  it('is the peer’s where the peer is no trusted proxy', () => {
    fc.assert(
      fc.property(client, ipv4, (peer, claimed) => {
        expect(addressOf(peer, claimed)).toBe(peer);
        expect(addressOf(peer, claimed, [])).toBe(peer);
      }),
    );
    expect(addressOf('10.0.0.1')).toBe('10.0.0.1');
  });
});

describe('TRUSTED_PROXIES trusts everyone', () => {
  it.each([
    ['0.0.0.0/0'],
    ['::/0'],
    ['10.0.0.0/8', '::/0'],
    ['1.2.3.4/0'],
    ['::ffff:0:0/96'],
    ['0.0.0.0/1', '128.0.0.0/1'],
    ['128.0.0.0/1', '0.0.0.0/2', '64.0.0.0/2'],
    ['0.0.0.0/1'],
    ['::/1', '8000::/1'],
    ['2000::/3'],
    Array.from({ length: 256 }, (_, n) => `${n}.0.0.0/8`),
  ])('with %s', (...ranges) => {
    expect(isMostOfTheInternet(ranges)).toBe(true);
  });

  it('with any way to cut all addresses into ranges', () => {
    const cut = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(cut, (turns) => {
        let [address, prefix] = [0, 0];
        const ranges = turns.map((isUpper) => {
          prefix += 1;
          const upper = address + 2 ** (32 - prefix);
          const rest = isUpper ? address : upper;
          if (isUpper) address = upper;
          return `${dotted(rest)}/${prefix}`;
        });
        expect(isMostOfTheInternet([...ranges, `${dotted(address)}/${prefix}`])).toBe(true);
      }),
    );
  });

  it.each([
    [],
    ['127.0.0.1', '::1'],
    ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'],
    ['104.16.0.0/13', '172.64.0.0/13', '2400:cb00::/32'],
    ['0.0.0.0'],
    ['10.0.0.0/8', '10.0.0.0/8', '10.0.0.0/9'],
  ])('not with %s', (...ranges) => {
    expect(isMostOfTheInternet(ranges)).toBe(false);
  });
});

const dotted = (number: number) =>
  [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
