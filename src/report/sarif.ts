// SARIF 2.1.0: what code hosts and editors read. Rules, paths and places; never a snippet, never a value.
import { createHash } from 'node:crypto';
import type { LocatedFinding, TreeReport } from '../scan/index.ts';

const LEVEL = { certain: 'error', likely: 'warning', possible: 'note' } as const;

/**
 * The findings as a SARIF log.
 * @param version of sotto
 * @param descriptions of rules by id
 */
export function sarif(report: TreeReport, version: string, descriptions: ReadonlyMap<string, string>): string {
  const results = report.files.flatMap(({ path, findings }) => resultsOf(path, findings));
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => {
    const text = descriptions.get(id);
    return { id, ...(text === undefined ? {} : { shortDescription: { text }, properties: TAGS }) };
  });
  const run = {
    tool: { driver: { name: 'sotto', version, rules } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'the project' } } },
    results,
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** GitHub sorts by these. */
const TAGS = { tags: ['security'], 'security-severity': '8.0' };

function resultsOf(path: string, findings: readonly LocatedFinding[]) {
  const nth = new Map<string, number>();
  return findings.map((finding) => {
    const before = nth.get(finding.rule) ?? 0;
    nth.set(finding.rule, before + 1);
    return resultOf(path, finding, before);
  });
}

function resultOf(path: string, finding: LocatedFinding, nth: number) {
  const { rule, confidence, line, column, endLine, endColumn } = finding;
  // The same finding keeps its mark when lines move; nothing of the secret is in it.
  const mark = createHash('sha256').update(`${path}\0${rule}\0${nth}`).digest('hex').slice(0, 32);
  return {
    ruleId: rule,
    level: LEVEL[confidence],
    message: { text: `a secret (${rule}) stands here` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    partialFingerprints: { 'sotto/v1': mark },
  };
}

/** Relative; what means something else in a URI is escaped. */
function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
