// The other half of the promise: edits come back whole. The model edits a file whose secrets it never saw, makes, moves
// and removes others, and tries to overwrite a hidden one; the real tree must show the edits, the secrets, and the hidden file.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PlantedProject } from './plant.ts';
import type { Step } from './stand-in.ts';

export interface EditResult {
  /** The edit stands in the real file. */
  landed: boolean;
  /** It did so before the session ended. */
  live: boolean;
  /** Every secret of the file is as it was, and no placeholder stands outside. */
  restored: boolean;
  /** The hidden file is untouched. */
  hiddenKept: boolean;
  created: boolean;
  removed: boolean;
  renamed: boolean;
  mode: boolean;
}

/** Set when the edit was seen in the real tree while the session was still running; one rehearsal at a time. */
const seen = new WeakMap<PlantedProject, boolean>();
const before = new WeakMap<PlantedProject, { config: string; hidden: string }>();

/** How long a change may take to be seen outside before the rehearsal calls it late, in ms. */
const LATE_MS = 3000;

/** The steps that edit, to stand at the end of a script. */
export function editSteps(project: PlantedProject): Step[] {
  const { root } = project;
  before.set(project, { config: read(join(root, 'src/config.js')), hidden: read(join(root, '.env')) });
  const config = `${root}/src/config.js`;
  return [
    [{ tool: 'Read', input: { file_path: config } }],
    [
      {
        tool: 'Edit',
        input: { file_path: config, old_string: "region: 'eu-central-1'", new_string: "region: 'eu-west-3'" },
      },
    ],
    [{ tool: 'Write', input: { file_path: `${root}/src/made.js`, content: 'export const made = true;\n' } }],
    [
      {
        tool: 'Bash',
        input: { command: 'mv src/index.js src/main.js; rm notes.md; chmod 640 src/made.js; echo X=1 > .env' },
      },
    ],
    async () => {
      seen.set(
        project,
        await within(LATE_MS, () => read(config).includes('eu-west-3') && existsSync(join(root, 'src/main.js'))),
      );
      return [{ text: 'Done.' }];
    },
  ];
}

/** Looks at the real tree after the session. */
export function checkEdit(project: PlantedProject, ran: boolean): EditResult {
  const { root } = project;
  const was = before.get(project);
  const config = read(join(root, 'src/config.js'));
  return {
    landed: ran && config.includes("region: 'eu-west-3'"),
    live: seen.get(project) ?? false,
    restored: config === was?.config.replace('eu-central-1', 'eu-west-3'),
    hiddenKept: read(join(root, '.env')) === was?.hidden,
    created: read(join(root, 'src/made.js')) === 'export const made = true;\n',
    removed: !existsSync(join(root, 'notes.md')),
    renamed: existsSync(join(root, 'src/main.js')) && !existsSync(join(root, 'src/index.js')),
    mode: existsSync(join(root, 'src/made.js')) && (statSync(join(root, 'src/made.js')).mode & 0o777) === 0o640,
  };
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

async function within(ms: number, holds: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 20) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return holds();
}
