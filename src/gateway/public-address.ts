// Which addresses belong to the open internet. A name that policy allows may resolve to anything, at any time; the
// connection is made to the very addresses that were looked at, so that a second answer of the DNS changes nothing.
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Special-purpose blocks of the IANA registries: private, shared, loopback, link-local (cloud metadata), multicast, test nets. And one
 * public address that in a cloud answers the machine's own questions about itself, as metadata addresses do.
 */
const BLOCKS4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
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
/**
 * Global unicast is all that is given to anybody. Outside of it are loopback, link-local, unique local, multicast and most forms that
 * carry an IPv4 address inside (mapped, compatible, translated, NAT64); the others of them are closed below: Teredo, 6to4.
 */
const GLOBAL6 = '2000::/3';
const BLOCKS6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const closed4 = new BlockList();
const closed6 = new BlockList();
const global6 = new BlockList();
global6.addSubnet(...subnet(GLOBAL6), 'ipv6');
for (const block of BLOCKS4) closed4.addSubnet(...subnet(block), 'ipv4');
for (const block of BLOCKS6) closed6.addSubnet(...subnet(block), 'ipv6');

function subnet(block: string): [address: string, bits: number] {
  const [address, bits] = block.split('/') as [string, string];
  return [address, Number(bits)];
}

/** True for an address that anybody on the internet could reach; false for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed4.check(address, 'ipv4');
  // A zone (`%eth0`) names a network of this machine.
  if (!isIPv6(address) || address.includes('%')) return false;
  return global6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}
