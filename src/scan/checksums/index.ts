// Check digits that vendors put into their credentials: with one, a random string of the right shape is no finding.
// Each takes the secret (Latin-1 text) and tells whether its digits fit.
import { discordId } from './discord-id.ts';
import { githubCrc32 } from './github-crc32.ts';

export const CHECKSUMS: Readonly<Record<string, (secret: string) => boolean>> = {
  'github-crc32': githubCrc32,
  // npm took GitHub's form over: https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/
  'npm-crc32': githubCrc32,
  'discord-id': discordId,
};
