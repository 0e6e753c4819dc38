// Requests to other providers than Anthropic's own are signed, or go to hosts of their own; a credential of ours would pay with another
// account. So whoever asks for one of them is refused before the start, the project's settings included: elsewhere those have no
// say, but a team that wrote them wants its own cloud to pay, and sending to somebody's own account instead would be worse than not sending.
import { join } from 'node:path';
import { Refusal } from '../errors/index.ts';
import { clientFolder, type Environment, readJson, type Settings, stringsOf } from './client-files.ts';

/** Names of {@link refuseOtherProviders} (read in Claude Code 2.1.330) and who is meant. */
const SWITCHES: Readonly<Record<string, string>> = {
  CLAUDE_CODE_USE_BEDROCK: 'Amazon Bedrock',
  CLAUDE_CODE_USE_VERTEX: 'Google Vertex AI',
  CLAUDE_CODE_USE_FOUNDRY: 'Microsoft Foundry',
  CLAUDE_CODE_USE_MANTLE: 'Amazon Bedrock',
  CLAUDE_CODE_USE_GATEWAY: 'a gateway with its own login',
  CLAUDE_CODE_USE_ANTHROPIC_AWS: 'Anthropic on AWS',
  CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD: 'Anthropic on Google Cloud',
};

export interface ProviderInput {
  env: Environment;
  home: string;
  /** Folders whose `.claude` counts as the project's: its root, and where the session starts. */
  projects: readonly string[];
  user: Settings;
  managed: Settings;
  managedFolder: string;
}

/** Throws `account.provider` with the switch and where it is set. */
export function refuseOtherProviders(input: ProviderInput): void {
  const userFile = join(clientFolder(input), 'settings.json');
  // The later one beats the earlier, as in Claude Code: a person may switch off what the shell switched on.
  const own = [
    { where: 'the environment', env: input.env },
    { where: userFile, env: stringsOf(input.user.env) },
    { where: input.managedFolder, env: stringsOf(input.managed.env) },
  ];
  for (const name of Object.keys(SWITCHES)) {
    const last = own.findLast(({ env }) => env[name] !== undefined);
    for (const { where, env } of [...(last === undefined ? [] : [last]), ...projectLayers(input, userFile)]) {
      if (isOn(env[name])) throw new Refusal('account.provider', { name, where, provider: SWITCHES[name] });
    }
  }
}

function projectLayers({ projects }: ProviderInput, userFile: string) {
  return [...new Set(projects)]
    .flatMap((folder) => ['settings.json', 'settings.local.json'].map((name) => join(folder, '.claude', name)))
    .filter((path) => path !== userFile)
    .map((path) => ({ where: path, env: stringsOf(readJson(path)?.env) }));
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value.toLowerCase());
}
