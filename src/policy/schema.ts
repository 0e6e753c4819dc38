// The one schema of a policy file. Every field has a sentence, which becomes the editor's help, and says what loosens it.
// All fields are optional: what a file does not say is left to the layers before it and to `defaults.ts`.
import { z } from 'zod';
import {
  anyOther,
  demandedOnce,
  listOfDemands,
  listOfExceptions,
  listOfGrants,
  listOfMusts,
  ordered,
  type Strictness,
  smallerIsStricter,
  strictnessOf,
} from './strictness.ts';

/** Longest text of any kind in a policy file. */
const MAX_TEXT = 4096;

const text = z.string().min(1).max(MAX_TEXT);
const list = <T extends z.ZodType>(item: T) => z.array(item).max(10_000);
const decision = z.enum(['hide', 'ask', 'redact', 'trust']);
const byDecision = ordered('hide', 'ask', 'redact', 'trust');
const pattern = text.refine((value) => value !== '!' && value !== '/', 'must not be an empty pattern');

function field<T extends z.ZodType>(schema: T, strictness: Strictness, sentence: string) {
  const made = schema.optional().describe(sentence);
  strictnessOf.add(made, strictness);
  return made;
}

function part<T extends z.ZodRawShape>(sentence: string, shape: T) {
  return z.strictObject(shape).optional().describe(sentence);
}

const pathEntry = z.union([
  pattern,
  z.strictObject({
    pattern: z.union([pattern, list(pattern)]).describe('One or more patterns, in gitignore syntax.'),
    reason: text.optional().describe('Why, shown by `sotto explain` and in the review.'),
  }),
]);

const paths = (sentence: string) => list(pathEntry).optional().describe(sentence);

const allowEntry = z
  .strictObject({
    reason: text.describe('Why this is no secret.'),
    rule: text.optional().describe('Id of the rule the entry is about; all rules when absent.'),
    path: pattern.optional().describe('gitignore pattern of the files the entry counts in.'),
    matches: text.optional().describe('Regular expression over the found text.'),
    pack: text.optional().describe('A pack of `packs`: the exceptions that it makes count for all rules.'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
      .optional()
      .describe('SHA-256 of the found text.'),
    content: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits')
      .optional()
      .describe('SHA-256 of a whole file: `sotto:allow` in it counts.'),
    expires: z.iso.date('must be a date like 2027-01-31').optional().describe('The entry counts up to this day.'),
  })
  .refine(
    (entry) => entry.rule ?? entry.path ?? entry.matches ?? entry.sha256 ?? entry.pack ?? entry.content,
    'needs at least one of rule, path, matches, sha256',
  )
  .refine(
    ({ pack, rule, path, matches, sha256 }) => pack === undefined || (rule ?? path ?? matches ?? sha256) === undefined,
    'a pack stands by itself',
  )
  .refine(
    ({ content, pack, rule, path, matches, sha256 }) =>
      content === undefined || (pack ?? rule ?? path ?? matches ?? sha256) === undefined,
    'a content stands by itself',
  );

const networkEntry = z.strictObject({
  host: z
    .string()
    .regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/, 'must be a host name in lower case, without scheme or path')
    .describe('Host name; `*.` in front means every name below it.'),
  methods: z
    .array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']))
    .min(1)
    .optional()
    .describe('Methods allowed; GET and HEAD when absent.'),
  path: z.string().startsWith('/').max(MAX_TEXT).optional().describe('Path prefix; all paths when absent.'),
  opaque: z.boolean().optional().describe('Tunnel unopened, for programs that do not take the session authority.'),
  reason: text.describe('Why programs in the session need it.'),
});

const extension = z.union([
  text,
  z.strictObject({
    package: text.describe('Name of an npm package that is installed in the project.'),
    integrity: z
      .string()
      .regex(/^sha512-[A-Za-z0-9+/]{86}==$/, 'must be sha512- and 88 characters of base64')
      .describe('Hash of the package’s policy file, as `sotto policy check` prints it.'),
  }),
]);

export const policySchema = z.strictObject({
  $schema: text.optional().describe('Where editors find the schema of this file.'),
  version: z.literal(1).optional().describe('Version of this format.'),
  extends: list(extension)
    .optional()
    .describe(
      'Policy files and npm packages that count before this file: paths relative to it, or packages pinned by integrity.',
    ),
  lock: z
    .union([z.literal('all'), list(text)])
    .optional()
    .describe('Keys that nobody may loosen after this file, or `all`; counts in the organisation’s policy only.'),
  hide: paths('Files and folders that do not exist for the session, in gitignore syntax.'),
  ask: paths('Files whose reading asks the person first.'),
  redact: paths('Files that are shown with secrets redacted, even where a trust pattern matches.'),
  trust: paths('Files that are shown unredacted and unscanned.'),
  project: field(
    z.enum(['apply', 'ignore']),
    ordered('apply', 'ignore'),
    'Whether `.sotto.yaml` and the ignore files of projects count.',
  ),
  read: part('Which rules of other tools are read as hide.', {
    claudeignore: field(z.boolean(), ordered(true, false), 'Read `.claudeignore` files.'),
    aiexclude: field(z.boolean(), ordered(true, false), 'Read `.aiexclude` files.'),
    aiignore: field(z.boolean(), ordered(true, false), 'Read `.aiignore` files.'),
    cursorignore: field(z.boolean(), ordered(true, false), 'Read `.cursorignore` files.'),
    geminiignore: field(z.boolean(), ordered(true, false), 'Read `.geminiignore` files.'),
    codexignore: field(z.boolean(), ordered(true, false), 'Read `.codexignore` files.'),
    permissions: field(z.boolean(), ordered(true, false), 'Read `permissions.deny` rules in Claude Code settings.'),
  }),
  scan: part('Looking for secrets in file contents.', {
    packs: field(
      list(text),
      listOfMusts,
      'Rule packs besides the built-in ones: YAML, `.gitleaks.toml` or `.secretlintrc` files or folders, relative to this file, or names of npm packages.',
    ),
    allow: field(list(allowEntry), listOfExceptions, 'Exceptions to detection rules, each with a reason.'),
    personalData: field(z.boolean(), ordered(true, false), 'Also redact personal data.'),
    binaries: part('What happens to files that are not text.', {
      images: field(decision, byDecision, 'Pictures.'),
      archives: field(decision, byDecision, 'Archives and compressed files.'),
      databases: field(decision, byDecision, 'Database files.'),
      keystores: field(decision, byDecision, 'Key stores and certificates with keys.'),
      dumps: field(decision, byDecision, 'Memory, core and database dumps.'),
      other: field(decision, byDecision, 'Everything else that is not text.'),
    }),
  }),
  workspace: part('The redacted working copy.', {
    memory: field(
      z.number().min(0).max(1),
      smallerIsStricter,
      'Share of the machine’s memory (0 to 1) above which the copy goes to a private folder on disk.',
    ),
    overlays: field(
      list(text.regex(/^!?[^/]+(\/[^/]+)*$/, 'must be a folder name')),
      listOfGrants,
      'Names of bulky folders that are laid in without a copy when git ignores them.',
    ),
    remember: field(
      z.boolean(),
      ordered(false, true),
      'Keep marks (keyed hashes) of files without secrets, so that the next session need not scan them again.',
    ),
  }),
  git: part('The history that the session sees.', {
    depth: field(z.int().min(0), smallerIsStricter, 'Number of commits; 0 for none.'),
    authors: field(z.enum(['keep', 'pseudonym']), ordered('pseudonym', 'keep'), 'Names and addresses in commits.'),
  }),
  writeback: part('Edits back to the real tree.', {
    fsync: field(z.boolean(), ordered(true, false), 'Wait for the disk after each write.'),
    guarded: field(
      z.enum(['drop', 'hold', 'apply']),
      ordered('drop', 'hold', 'apply'),
      'Changes to guarded files when no one can be asked.',
    ),
    foreign: field(
      z.enum(['leave', 'ask', 'restore']),
      ordered('leave', 'ask', 'restore'),
      'A placeholder in a file that never held its secret.',
    ),
    guard: field(list(pattern), listOfDemands, 'Patterns of files that run code on the host later.'),
  }),
  network: part('What programs in the session may reach besides the provider.', {
    allow: field(list(networkEntry), listOfExceptions, 'Hosts, with methods and path, each with a reason.'),
  }),
  upstream: field(
    z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }),
    anyOther,
    'Base URL that inference is forwarded to instead of the provider’s own.',
  ),
  account: part('Who must be signed in.', {
    organization: field(text, demandedOnce, 'Id of the organisation whose account must pay.'),
  }),
  identity: field(
    z.enum(['drop', 'session', 'keep']),
    ordered('drop', 'session', 'keep'),
    'What becomes of user and device ids in requests.',
  ),
  images: field(z.enum(['refuse', 'ask', 'pass']), ordered('refuse', 'ask', 'pass'), 'Pictures in requests.'),
  sandbox: part('What the sandbox lends.', {
    env: field(
      list(text.regex(/^!?[A-Za-z_][A-Za-z0-9_]*\*?$/, 'must be a variable name, with * at the end at most')),
      listOfGrants,
      'Names of environment variables that are lent.',
    ),
    lend: field(
      list(text.regex(/^!?(\/|~\/)/, 'must begin with / or ~/')),
      listOfGrants,
      'Absolute or `~/` paths lent read-only.',
    ),
  }),
});

/** A policy file's content, checked. */
export type PolicyFile = z.infer<typeof policySchema>;

/** The schema for editors, JSON Schema draft 7. */
export function editorSchema(): object {
  return { title: 'Policy of sotto', ...z.toJSONSchema(policySchema, { target: 'draft-7', io: 'input' }) };
}
