import { describe, expect, it } from 'vitest';
import { isNamed } from '../../src/scan/named.ts';

const HEX = ['8a25372bbfec739b', '8719a9e3987400d15ef9e179'].join('');
const UUID = ['9fb175f0-0b32-', '4e99-ae97-bd228b9eb246'].join('');

/** Whether the last word of `before` names `value`, when the name of the vendor begins at `vendor`. */
function named(before: string, vendor: string, value: string): boolean {
  return isNamed(`${before}${value}"`, before.lastIndexOf(vendor), before.length, before.length + value.length);
}

describe('isNamed', () => {
  it.each([
    ['a key', 'tesla_key = "', 'tesla', HEX],
    ['a key after a capital letter', 'myTeslaKey = "', 'Tesla', HEX],
    ['a name behind an escape', '\\ntesla_token=', 'tesla', HEX],
    ['the id of a client', 'tesla_client_id: "', 'tesla', UUID],
    ['a note', 'tesla key ', 'tesla', HEX],
  ])('takes %s', (_, before, vendor, value) => {
    expect(named(before, vendor, value)).toBe(true);
  });

  it.each([
    ['a name inside a word', 'CreateSlave(', 'tesla', HEX],
    ['a name inside a constant', 'CREATERASTER = "', 'ATERA', HEX],
    ['a placeholder of ours', 'tesla REDACTED_tesla_api_key_0011aabb ', 'tesla', HEX],
    ['a package and its commit', 'github.com/tesla/auth-tools ', 'tesla', HEX],
    ['a piece of a path', 'https://raw.acme.io/tesla-', 'tesla', HEX],
    ['a commit', 'tesla key, commit ', 'tesla', HEX],
    ['a checksum', 'tesla/token v1.0.0 h1:', 'tesla', HEX],
    ['a digest', 'tesla-token@sha256:', 'tesla', HEX],
    ['the id of a project', '"tesla_project_id":     "', 'tesla', UUID],
    ['the id of a room', 'tesla://token@host?room_id=', 'tesla', UUID],
  ])('leaves %s', (_, before, vendor, value) => {
    const at = before.toLowerCase().indexOf(vendor.toLowerCase());
    expect(isNamed(`${before}${value}"`, at, before.length, before.length + value.length)).toBe(false);
  });
});
