import { describe, expect, it } from 'vitest';
import { tokenLike } from '../../../src/scan/validators/token-like.ts';

describe('tokenLike', () => {
  it.each([
    ['a constant', 'GITHUB_TOKEN_V2_ENABLED'],
    ['a camel-case name', 'apiKeyV2HandlerFactory'],
    ['a file name', 'oauth2-access-token.spec'],
    ['a slug with a year', 'how-to-rotate-keys-in-2024'],
    ['a function with short forms', 'vfs_gpfs_aio_force'],
    ['a constant with numbers', 'D3D10_SB_CONSTANT_BUFFER_ACCESS_PATTERN'],
    ['a name of a font', 'courier-bold-o-normal--12-120-75-75-m-70-iso8859-1'],
    ['a page of a manual', 'wiki-markup-251003035'],
    ['a type of a package', 'ClusterConfiguration_v1beta2'],
    ['the code points of an emoji', '1F3CB-FE0F-200D-2642-FE0F'],
    ['a size', 'NVIDIA_A100_80GB'],
    ['a number in hexadecimal', '0xd5e6d4c9c3d4d7c7'],
    ['a commit as a version', '0-20191010124425-1ae9442de16e'],
  ])('refuses %s', (_, text) => {
    expect(tokenLike(text)).toBe(false);
  });

  it.each([
    ['hex', ['9f86d081884c', '7d659a2feaa0']],
    ['upper-case hex', ['9B42E5F8E09E', 'DCC280A076DE']],
    ['base62', ['x7Kq2LmZ9p', 'Rt4VbN8wYc']],
    ['a uuid', ['3f2504e0-4f89-', '41d3-9a0c-0305e82c3301']],
    ['letters only', ['qXvTzKbLwPmRn', 'GhJdFsYcVk']],
    ['base64 with slashes', ['kJalrXUtnFEMK', '/K7MDENG/bPxRfiCYzq']],
    ['groups of one length', ['ABCDE12-EFGHI34-', 'IJKLM56-MNOPQ78']],
    ['letters, then many digits', ['abcdefghij', '1234567890']],
  ])('accepts %s', (_, parts) => {
    expect(tokenLike(parts.join(''))).toBe(true);
  });
});
