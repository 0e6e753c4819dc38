import { expect, it } from 'vitest';
import { kubernetesSecret } from '../../../src/scan/detectors/kubernetes-secret.ts';

function secretsIn(text: string): string[] {
  const found: string[] = [];
  kubernetesSecret.detect(text, text.search(/kind: Secret/i), 'a.yaml', ({ start, end }) =>
    found.push(text.slice(start, end)),
  );
  return found;
}

const USER = ['YWRt', 'aW4='].join('');
const KEY = ['QVFCMTZW', 'MVZvRjVt'].join('');

it('finds every value of data and stringData, and nothing beside them', () => {
  const text = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  user: ${USER}\n  key: "${KEY}"\nstringData:\n  url: host-7\ntype: Opaque\n`;
  expect(secretsIn(text)).toEqual([USER, KEY, 'host-7']);
});

it('finds data that stands before the kind', () => {
  expect(secretsIn(`data:\n  user: ${USER}\nkind: Secret\n`)).toEqual([USER]);
});

it('stops at the next document', () => {
  expect(secretsIn(`kind: Secret\n---\nkind: ConfigMap\ndata:\n  user: ${USER}\n`)).toEqual([]);
});

it('leaves templates and kinds that only begin like Secret alone', () => {
  expect(secretsIn('kind: Secret\ndata:\n  user: {{ .Values.user | b64enc }}\n')).toEqual([]);
  expect(secretsIn(`kind: SecretStore\ndata:\n  user: ${USER}\n`)).toEqual([]);
});
