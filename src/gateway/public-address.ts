// Which addresses belong to the open internet. A name that policy allows may resolve to anything, at any time; the
// connection is made to the very addresses that were looked at, so that a second answer of the DNS changes nothing.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Special-purpose blocks of the IANA registries: private, shared, loopback, link-local (cloud metadata), multicast, test nets. */
const BLOCKS4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Besides the special ones all that carry an IPv4 address inside: mapped, compatible, NAT64, Teredo, 6to4. */
const BLOCKS6 = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

// Two lists: one alone takes `::ffff:0:0/96` for every IPv4 address.
const closed4 = new BlockList();
const closed6 = new BlockList();
for (const block of BLOCKS4) closed4.addSubnet(...subnet(block), 'ipv4');
for (const block of BLOCKS6) closed6.addSubnet(...subnet(block), 'ipv6');

function subnet(block: string): [address: string, bits: number] {
  const [address, bits] = block.split('/') as [string, string];
  return [address, Number(bits)];
}

/** True for an address that anybody on the internet could reach; false for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed4.check(address, 'ipv4');
  return isIPv6(address) && !closed6.check(address, 'ipv6');
}
