// How much a run of letters looks like written language. A password made by a generator ("xhbgpen") and a word ("chicken") differ in
// their letter pairs long before they differ in entropy, which says nothing below sixteen characters.
//
// One digit for each pair: the rounded, shifted cost in bits of the second letter after the first; first row: at the start of a word.
// Counted over the words of English technical prose.
const COST =
  '23233334355334426323454767632355463752328392214466572444147724615726933528974825452582372368159352378868' +
  '24430456177456269335367859352244565673325451236453572444228919937718924329794937570643288343359234377957' +
  '17860788196545149352386959332434388763312484227495851644167726667614661628596825550554176464248424386847' +
  '26641657186267269733358838146516791774372297363688592722241737556426962145895754335546565321339133344668' +
  '18551764396267229132377949937799995994979995540469992644054719454425933345794837361573295455237521366847' +
  '27461672187566259233495837333434483762316392227796761858086919865637975668887916651762197463269237795869' +
  '252515852995474196415874482445364639633221932346486616760973296347369655478933';

/** Bits that {@link COST} leaves out of each pair. */
const SHIFT = 1.5;

/** Mean cost in bits of each letter of `word` (ASCII letters only, any case): words lie near 3.5, random letters near 6. */
export function strangeness(word: string): number {
  let cost = 0;
  let row = 0;
  for (let i = 0; i < word.length; i++) {
    const letter = (word.charCodeAt(i) | 32) - 97;
    cost += COST.charCodeAt(row * 26 + letter) - 48 + SHIFT;
    row = letter + 1;
  }
  return word.length === 0 ? 0 : cost / word.length;
}
