/** Arguments of a refusal: names, paths, rule ids, numbers; never a value from a scanned file. */
export type CodeArgs = Readonly<Record<string, string | number | undefined>>;

/** One way to refuse. */
export interface CodeEntry {
  sentence(args: CodeArgs): string;
  /** What to do; shown after `hint:`. */
  hint?(args: CodeArgs): string;
  /** Exit status; 125 when absent. */
  exit?: number;
}

/** Keeps the keys of a table as literal types while its values are seen as {@link CodeEntry}. */
export function codeTable<K extends string>(table: Record<K, CodeEntry>): Record<K, CodeEntry> {
  return table;
}
