// Every value in the `data` and `stringData` of a Kubernetes Secret, whatever it is called. From the line `kind: Secret` it looks at
// the lines of the same document, up and down, and takes the entries of the two maps.
import type { Detected, Detector } from './detector.ts';
import { lineEnd, lineStart } from './lines.ts';

const LINES = 200;
/** Longest line before and after the words `kind: Secret`. */
const LONGEST = 256;
const RULE = 'generic.kubernetes-secret';
const KIND = /^(\s*(?:- )?)["']?kind["']?[ \t]*:[ \t]*["']?Secret["']?[ \t]*,?[ \t]*\r?$/;
const MAP = /^(\s*)(?:- )?(data|stringData):[ \t]*(?:#.*)?\r?$/;
const ENTRY = /^(\s*)["']?[\w.-]+["']?:[ \t]+(["']?)([^"'#\r\n]+?)\2[ \t]*(?:#.*)?\r?$/;
const BASE64 = /^[A-Za-z0-9+/]{2,}={0,2}$/;

export const kubernetesSecret: Detector = {
  rules: { [RULE]: 'value in the data of a Kubernetes Secret; what it opens depends on its name' },
  keywords: ['kind: secret', 'kind: "secret"', "kind: 'secret'"],
  detect(text, at, _path, found) {
    // A line that says it is short; where none ends, the whole text is not read for each hit.
    const near = text.slice(Math.max(at - LONGEST, 0), at + LONGEST);
    const from = Math.min(at, LONGEST);
    const begin = near.lastIndexOf('\n', from - 1) + 1;
    const stop = near.indexOf('\n', from);
    if (!KIND.test(near.slice(begin, stop < 0 ? near.length : stop))) return at + 1;
    const line = lineStart(text, at);
    const end = documentEnd(text, line);
    valuesBetween(text, documentStart(text, line), end, found);
    return end;
  },
};

function valuesBetween(text: string, from: number, to: number, found: (secret: Detected) => void): void {
  let map: { indent: number; encoded: boolean } | undefined;
  for (let at = from; at < to; at = lineEnd(text, at) + 1) {
    const line = text.slice(at, lineEnd(text, at));
    if (/^\s*(?:#|$)/.test(line)) continue;
    const indent = line.search(/\S/);
    if (map !== undefined && indent <= map.indent) map = undefined;
    const opens = MAP.exec(line);
    if (opens !== null) map = { indent, encoded: opens[2] === 'data' };
    else if (map !== undefined) takeEntry(line, at, map.encoded, found);
  }
}

function takeEntry(line: string, at: number, encoded: boolean, found: (secret: Detected) => void): void {
  const value = ENTRY.exec(line)?.[3];
  if (value === undefined || value.length < 3 || /[{$<]|^[|>!&*]/.test(value) || (encoded && !BASE64.test(value)))
    return;
  const start = at + line.indexOf(value, line.indexOf(':') + 1);
  found({ rule: RULE, start, end: start + value.length, confidence: 'likely' });
}

function documentEnd(text: string, from: number): number {
  let at = from;
  for (let count = 0; count < LINES && at < text.length; count++) {
    at = lineEnd(text, at) + 1;
    if (text.startsWith('---', at) || text.startsWith('```', at)) break;
  }
  return Math.min(at, text.length);
}

function documentStart(text: string, from: number): number {
  let at = from;
  for (let count = 0; count < LINES && at > 0; count++) {
    if (text.startsWith('---', at) || text.startsWith('```', at)) break;
    at = lineStart(text, at - 1);
  }
  return at;
}
