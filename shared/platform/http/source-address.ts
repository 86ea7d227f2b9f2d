import { isIP } from 'node:net';

/** What stands for a caller whose address is not known: all of them share one budget. */
const UNKNOWN = 'unknown';
const GROUPS = 8;
/** What a network gives to one customer of IPv6: whoever has one address of it has all of them (RFC 6177). */
const NETWORK_GROUPS = 4;

/**
 * The address that a request came from, by `X-Forwarded-For`. Each trusted proxy appends whom it was called by, so that with `trustedHops` of them the
 * address is that many entries from the end; whatever stands before it is the client's own claim and proves nothing. A request that came through fewer
 * proxies has fewer entries that can be trusted: then, and where an entry is no address, the next one that a nearer proxy appended counts. A port is
 * left out. An IPv6 address stands for its network of 64 bits, which its holder can take any other address from.
 */
export function sourceAddress(forwardedFor: string | null, trustedHops: number): string {
  const appended = (forwardedFor ?? '').split(',').slice(-trustedHops);
  for (const entry of appended) {
    const address = withoutPort(entry.trim());
    if (isIP(address) !== 0) return canonical(address);
  }
  return UNKNOWN;
}

/** `192.0.2.1:443` and `[2001:db8::1]:443`; a bare IPv6 address has colons of its own. */
function withoutPort(entry: string): string {
  return entry.replace(/^\[([^\]]+)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
}

function canonical(address: string): string {
  if (isIP(address) === 4) return address;
  const [plain = ''] = address.split('%');
  const mapped = /^(?:0*:)*:?ffff:(\d+(?:\.\d+){3})$/i.exec(plain)?.[1];
  if (mapped) return mapped;
  return `${groupsOf(plain).slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The groups of an IPv6 address that is known to be one: `::` written out, small letters, no leading zeros. */
function groupsOf(address: string): readonly string[] {
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: Math.max(0, GROUPS - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}
