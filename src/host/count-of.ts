/** A count with its noun: `1 file`, `2 files`. @param many when it is not the noun with an s */
export function countOf(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
