// SARIF 2.1.0: what code hosts and editors read. Rules, paths and places; never a snippet, never a value.
import type { TreeReport } from '../scan/index.ts';

const LEVEL = { certain: 'error', likely: 'warning', possible: 'note' } as const;

/** The findings as a SARIF log. @param version of sotto */
export function sarif(report: TreeReport, version: string): string {
  const results = report.files.flatMap(({ path, findings }) =>
    findings.map((finding) => ({
      ruleId: finding.rule,
      level: LEVEL[finding.confidence],
      message: { text: `a secret (${finding.rule}) stands here` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(path) },
            region: {
              startLine: finding.line,
              startColumn: finding.column,
              endLine: finding.endLine,
              endColumn: finding.endColumn,
            },
          },
        },
      ],
    })),
  );
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => ({ id }));
  const run = { tool: { driver: { name: 'sotto', version, rules } }, columnKind: 'utf16CodeUnits', results };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
}
