/** Words that make sentences; the lists of BIP 39 have none of them. */
const GRAMMAR =
  /(?:^|[ ,])(?:the|and|for|with|your|you|not|are|was|were|has|had|have|from|its|their|his|her|our|but|can|could|would|should|may|must|which|these|those|been|does|did|into)(?=[ ,]|$)/i;

/** Twelve, fifteen ... twenty-four words without a grammar: a recovery phrase, not a sentence. */
export function wordList(secret: string): boolean {
  const words = secret.split(/[ ,]/);
  return words.length % 3 === 0 && new Set(words).size >= 8 && !GRAMMAR.test(secret);
}
