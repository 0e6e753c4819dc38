// What a step of GitHub Actions prints to mark lines of a pull request. Rule, path and place; never a value.
import type { TreeReport } from '../scan/index.ts';

const LEVEL = { certain: 'error', likely: 'error', possible: 'warning' } as const;

/** One workflow command a finding. */
export function annotations(report: TreeReport): string {
  return report.files
    .flatMap(({ path, findings }) =>
      findings.map(
        ({ rule, line, column, endLine, endColumn, confidence }) =>
          `::${LEVEL[confidence]} file=${property(path)},line=${line},endLine=${endLine},col=${column},endColumn=${endColumn},title=${property(rule)}::${message(`a secret (${rule}) stands here`)}\n`,
      ),
    )
    .join('');
}

/** As the runner reads it: its own signs and line ends are escaped, so that no path can say a command. */
function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
