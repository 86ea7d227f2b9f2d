import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceAddress } from '../../../shared/platform/http/source-address.ts';

describe('F2 the source of a request', () => {
  it.each([
    ['203.0.113.7', 1, '203.0.113.7'],
    ['203.0.113.7:51000', 1, '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7:51000', 1, '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7, 192.0.2.1:443', 2, '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7, 192.0.2.1:443, 10.0.0.4:80', 3, '203.0.113.7'],
  ])('%j behind %i trusted proxies is what the farthest of them was called by', (header, hops, address) => {
    expect(sourceAddress(header, hops)).toBe(address);
  });

  it('came past a proxy: the farthest entry that a trusted one can have appended counts', () => {
    expect(sourceAddress('203.0.113.7:51000', 2)).toBe('203.0.113.7');
  });

  it('is not an entry that is no address: that of the next, nearer proxy counts', () => {
    expect(sourceAddress('unknown, 192.0.2.1', 2)).toBe('192.0.2.1');
    expect(sourceAddress('203.0.113.7, , 192.0.2.1', 2)).toBe('192.0.2.1');
    expect(sourceAddress('203.0.113.7, nonsense', 1)).toBe('unknown');
    expect(sourceAddress('', 1)).toBe('unknown');
    expect(sourceAddress(null, 2)).toBe('unknown');
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['[2001:DB8:1:2::9]:51000', '2001:db8:1:2::/64'],
    ['[2001:0db8:0001:0002::9]', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['[::ffff:203.0.113.7]:51000', '203.0.113.7'],
  ])('by IPv6 is its network of 64 bits: %s', (entry, network) => {
    expect(sourceAddress(entry, 1)).toBe(network);
  });

  it('is never what the client claims, whatever it claims', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 3 }), (claim, hops) => {
        const appended = ['203.0.113.7:51000', '192.0.2.1:443', '192.0.2.2:80'].slice(0, hops);
        expect(sourceAddress([claim, ...appended].join(', '), hops)).toBe('203.0.113.7');
      }),
    );
  });
});
