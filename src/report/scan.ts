// What a scan found, for people and for programs: path, line, rule, how sure; never a value.
import { countOf, escapeForTerminal, type Paint } from '../host/index.ts';
import type { TreeReport } from '../scan/index.ts';
import { sizeText } from './words.ts';

/** One line a finding, then the sum. */
export function scanForTerminal(report: TreeReport, paint: Paint): string {
  const lines = report.files.flatMap(({ path, findings, unreadable }) => [
    ...(unreadable === true ? [`${escapeForTerminal(path)}: could not be read`] : []),
    ...findings.map(
      ({ line, column, rule, confidence }) =>
        `${escapeForTerminal(path)}:${line}:${column}  ${paint.bold(rule)}  ${paint.dim(confidence)}`,
    ),
  ]);
  const found = report.files.reduce((sum, { findings }) => sum + findings.length, 0);
  const size = sizeText(report.bytes);
  return `${[...lines, `${countOf(found, 'finding')} in ${countOf(report.scanned, 'file')} (${size})`].join('\n')}\n`;
}

/** The same as JSON: spans in bytes and UTF-16 units as well. */
export function scanJson(report: TreeReport): string {
  const findings = report.files.flatMap(({ path, findings }) => findings.map((finding) => ({ path, ...finding })));
  const unreadable = report.files.filter((file) => file.unreadable === true).map(({ path }) => path);
  return `${JSON.stringify({ files: report.scanned, bytes: report.bytes, unreadable, findings }, null, 2)}\n`;
}
