import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/** Addresses whose network is remembered: finding it takes longer than the rest of who pays. */
const MOST_KNOWN = 10_000;

const known = new LRUCache<string, string>({ max: MOST_KNOWN, memoMethod: findNetwork });

/** An IPv4 address, or the 64 bits of an IPv6 address that its owner cannot change at will. */
export const networkOf = (address: string): string => known.memo(address);

function findNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : parsed.toString();
}
