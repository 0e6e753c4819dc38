/** A way to write a secret; `form` is undefined for the secret as it is. */
export interface Form {
  form: string | undefined;
  text: string;
}

/** Every form in which a known secret (Latin-1 text) is looked for. */
export function formsOf(secret: string): Form[] {
  const forms: Form[] = [
    { form: undefined, text: secret },
    { form: 'hex', text: hex(secret) },
    { form: 'hex', text: hex(secret).toUpperCase() },
    { form: 'percent', text: percent(secret) },
    { form: 'percent', text: percent(secret).replace(/%../g, (code) => code.toLowerCase()) },
    ...decoded(secret),
    { form: 'escape', text: JSON.stringify(secret).slice(1, -1) },
    { form: 'reversed', text: [...secret].reverse().join('') },
    ...base64Forms(secret),
  ];
  const seen = new Set<string>();
  return forms.filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** A secret that was found percent-encoded, in a connection string say, is the same secret when it stands decoded. */
function decoded(secret: string): Form[] {
  if (!/%[0-9A-F]{2}/i.test(secret)) return [];
  const text = secret.replace(/%([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return [{ form: undefined, text }];
}

/** Base64 at each alignment: only the letters that depend on nothing but the secret. */
function base64Forms(secret: string): Form[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret, 'latin1')]);
    const from = shift === 0 ? 0 : shift + 1;
    const whole = Math.floor((bytes.length * 8) / 6);
    const text = bytes.toString('base64').slice(from, whole);
    return [
      { form: 'base64', text },
      { form: 'base64', text: text.replace(/\+/g, '-').replace(/\//g, '_') },
    ];
  });
}

function hex(secret: string): string {
  return Buffer.from(secret, 'latin1').toString('hex');
}

/** As `encodeURIComponent` does, on bytes. */
function percent(secret: string): string {
  return secret.replace(
    /[^A-Za-z0-9\-_.!~*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
