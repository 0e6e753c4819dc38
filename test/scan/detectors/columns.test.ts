import { expect, it } from 'vitest';
import { columns } from '../../../src/scan/detectors/columns.ts';

/** What is found in `text`; every offset of every keyword is tried, as the automaton would. */
function secretsIn(text: string, path: string): string[] {
  const found: string[] = [];
  let done = 0;
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at).toLowerCase();
    const keyword = columns.keywords.find((one) => rest.startsWith(one));
    const end = at + (keyword?.length ?? 0) - 1;
    if (keyword === undefined || end < done) continue;
    done = columns.detect(text, end, path, ({ start, end: to }) => found.push(text.slice(start, to)));
  }
  return found;
}

const ONE = ['Kx9', 'w2!Lq'].join('');
const TWO = ['brak', 'sha77'].join('');

it('finds the values of a named column in each row of an insert', () => {
  const text = `INSERT INTO users (id, login, passwd) VALUES\n (1, 'bob', '${ONE}'),\n (2, 'it''s', '${TWO}');\n`;
  expect(secretsIn(text, 'a.sql')).toEqual([ONE, TWO]);
});

it('knows the column by its place, not by its look', () => {
  expect(secretsIn(`insert into users (name, password) values ('${TWO}', '${ONE}')`, 'a.sql')).toEqual([ONE]);
  expect(secretsIn(`insert into users (name, note) values ('${TWO}', '${ONE}')`, 'a.sql')).toEqual([]);
});

it('takes the text inside a function', () => {
  expect(secretsIn(`insert into users (name, password) values ('bob', MD5('${ONE}'))`, 'a.sql')).toEqual([ONE]);
});

it('finds the cells of a table in Markdown', () => {
  const text = `| user | password |\n|------|:---------|\n| admin | ${ONE} |\n| bob | \`${TWO}\` |\n\nafter | all |\n`;
  expect(secretsIn(text, 'README.md')).toEqual([ONE, TWO]);
});

it('finds the cells of a CSV file', () => {
  expect(secretsIn(`name,email,password\nbob,bob@acme.io,${ONE}\nann,"ann@acme.io","${TWO}"\n`, 'a.csv')).toEqual([
    ONE,
    TWO,
  ]);
});

it('leaves tables about passwords alone', () => {
  expect(secretsIn('| option | password |\n|---|---|\n| type | string |\n| length | at least 12 |\n', 'a.md')).toEqual(
    [],
  );
  expect(secretsIn('| setting | password_policy |\n|---|---|\n| a | Kx9w2Lq |\n', 'a.md')).toEqual([]);
  expect(secretsIn(`the name, the password\nbob,${ONE}x\n`, 'a.py')).toEqual([]);
});

it('leaves references alone', () => {
  const reference = ['$', '{PASSWORD}'].join('');
  expect(secretsIn(`INSERT INTO users (id, password) VALUES (1, '${reference}'), (2, '<password>')`, 'a.sql')).toEqual(
    [],
  );
});

it('takes the hash of a password and its salt', () => {
  const hash = ['489ec8d91f1343cf', '2091050946ef13a8'].join('');
  const salt = ['b6907d289e10d714', 'a6e88b30761fae22'].join('');
  const text = `INSERT INTO accounts(email, password_hash, salt) VALUES ('a@b.io', '${hash}', '${salt}')`;
  expect(secretsIn(text, 'a.sql')).toEqual([hash, salt]);
});

it('knows a column by the short form of the name', () => {
  expect(secretsIn(`| Service | Login | Pass |\n|---|---|---|\n| git | bob | ${ONE} |\n`, 'a.md')).toEqual([ONE]);
});
