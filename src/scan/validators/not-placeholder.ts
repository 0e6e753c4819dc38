const STANDS_FOR = [
  // references that are filled in later: shell, templates, CI, format strings
  /^[$%@#]?[{(<[].*[})>\]]$/,
  /\$\{[^}]*\}|\{\{.*\}\}|<%.*%>|\$\([^)]*\)/,
  /^%[a-z_(]/i,
  /^\$[A-Za-z_][A-Za-z0-9_]*$/,
  // one or two characters again and again: xxxx, ****, 0000
  /^(.)\1+$/,
  /^(..?)\1{3,}/,
  /[*x.]{6,}/i,
  // words that ask for a value
  /^(?:your|my|the|some|any|enter|insert|replace|put|add|set)[-_ ]/i,
  /change[-_ ]?(?:me|it|this)|replace[-_ ]?me|place[-_ ]?holder|fill[-_ ]?me|to[-_ ]?be[-_ ]?(?:set|filled)/i,
  /^(?:example|sample|dummy|fake|redacted|removed|hidden|masked|none|null|nil|undefined|true|false|todo|tbd|n\/a)$/i,
];

/** False for text that only stands for a value: `${VAR}`, `<your-token>`, `xxxx`, `changeme`, `null`. */
export function notPlaceholder(secret: string): boolean {
  return !STANDS_FOR.some((form) => form.test(secret));
}
