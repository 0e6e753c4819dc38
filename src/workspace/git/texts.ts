// Texts that stand beside the files: messages, names, ignore rules and attributes. They are scanned as files are; one that
// cannot be scanned leaves the copy without a history.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../../host/index.ts';
import { redactBytes, type Vault } from '../../redact/index.ts';
import type { CopyContext } from '../copy.ts';
import { look } from '../look.ts';
import type { Settings } from './config.ts';
import type { History } from './history.ts';
import type { HistoryObjects } from './outside.ts';
import type { TextRedactor } from './people.ts';
import type { Repository } from './repository.ts';

/** Redacts texts of the history; the same text is scanned once. */
export function createTextRedactor(context: CopyContext, vault: Vault): TextRedactor {
  const seen = new Map<string, string>();
  return {
    text(latin1, origin) {
      const known = seen.get(latin1);
      if (known !== undefined) return known;
      const bytes = Buffer.from(latin1, 'latin1');
      const { findings } = look(bytes, '', context);
      const place = (rule: string, secret: string) => vault.place(rule, secret, origin);
      const redacted = () => Buffer.from(redactBytes(bytes, findings, place).bytes).toString('latin1');
      const text = findings.length === 0 ? latin1 : redacted();
      seen.set(latin1, text);
      return text;
    },
  };
}

/**
 * Takes the secrets of messages and names into the vault before anything is written. What a redactor gave may not be used: there
 * may be more secrets afterwards, in the texts that it has seen first.
 */
export function lookThroughTexts(redactor: TextRedactor, { refs }: History, { commits, tags }: HistoryObjects): void {
  const look = (text: string | undefined) => text === undefined || redactor.text(text, '.git');
  for (const { name } of refs) look(name);
  for (const parsed of [...commits.values(), ...tags.values()]) {
    look(parsed.message);
    for (const role of ['author', 'committer', 'tagger']) look(parsed.header(role));
  }
}

/** Ignore rules and attributes that stand beside the work tree; the person's own ignore rules join them. */
export function writeInfo(gitDir: string, { git }: Repository, settings: Settings, redactor: TextRedactor): void {
  mkdirSync(join(gitDir, 'info'), { recursive: true });
  for (const name of ['exclude', 'attributes']) {
    const own = name === 'exclude' ? readText(personalIgnore(settings)) : '';
    const text = own + readText(join(git.folder, 'info', name));
    if (text !== '') writeFileSync(join(gitDir, 'info', name), redactor.text(text, '.git'), 'latin1');
  }
}

/** The person's ignore file, where git looks for it (gitignore(5)). */
function personalIgnore(settings: Settings): string {
  const { home, variables } = readEnvironment();
  const named = settings.get('core.excludesfile')?.at(-1);
  if (named !== undefined) return named.replace(/^~(?=\/)/, home);
  return join(variables.XDG_CONFIG_HOME || join(home, '.config'), 'git/ignore');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // most repositories and people have none
  }
}
