// One dense Aho-Corasick automaton for the keywords of all rules. The table is 16 bits wide and lies in shared memory, so
// that worker threads use the same pages; bytes are folded to lower case and to the few classes that keywords use, so
// that a row stays in few cache lines. States that end a keyword have the highest numbers: one comparison tells a hit.
import { shared } from './shared.ts';

/** Plain tables, sharable with worker threads. */
export interface Automaton {
  /** `next[(state << shift) | classOf[byte]]` */
  next: Uint16Array | Uint32Array;
  classOf: Uint8Array;
  shift: number;
  /** States from here on end at least one keyword. */
  firstHit: number;
  /** For hit state `s`: `owners[ownersAt[s - firstHit] .. ownersAt[s - firstHit + 1])`, pairs of keyword length and owner. */
  ownersAt: Uint32Array;
  owners: Uint32Array;
}

/** Where a keyword ended; `state` leads to its owners. */
export interface Hits {
  count: number;
  /** Offset after the last byte of each hit, ascending. */
  ends: Uint32Array;
  states: Uint32Array;
}

interface Node {
  edges: Map<number, Node>;
  fail: Node;
  /** Pairs of keyword length and owner. */
  owners: number[];
  id: number;
}

/**
 * Builds the automaton.
 * @param keywords `owner` is the caller's number for who wants to know; text as Latin-1 bytes, any case
 */
export function buildAutomaton(keywords: readonly { text: string; owner: number }[]): Automaton {
  const { classOf, classes } = classify(keywords);
  const nodes = buildTrie(keywords, classOf);
  linkFailures(nodes);
  const shift = Math.ceil(Math.log2(classes));
  const ordered = [
    ...nodes.filter((node) => node.owners.length === 0),
    ...nodes.filter((node) => node.owners.length > 0),
  ];
  ordered.forEach((node, id) => {
    node.id = id;
  });
  const firstHit = ordered.findIndex((node) => node.owners.length > 0);
  // Sixteen bits hold every pack seen so far; a giant one of a team gets a table twice as wide.
  const next = shared<Automaton['next']>(ordered.length > 0xffff ? Uint32Array : Uint16Array, ordered.length << shift);
  // At this point `nodes` is in breadth-first order, so the row of a node's failure is filled before its own.
  for (const node of nodes) fillRow(next, node, shift, classes);
  return { next, classOf, shift, firstHit: firstHit < 0 ? 0xffffffff : firstHit, ...flattenOwners(ordered) };
}

function classify(keywords: readonly { text: string }[]): { classOf: Uint8Array; classes: number } {
  const classOf = shared(Uint8Array, 256);
  let classes = 1;
  for (const { text } of keywords) {
    for (const char of text.toLowerCase()) {
      const byte = char.charCodeAt(0);
      if (classOf[byte] !== 0) continue;
      classOf[byte] = classes++;
    }
  }
  for (let upper = 65; upper <= 90; upper++) classOf[upper] = classOf[upper + 32] ?? 0;
  return { classOf, classes };
}

function buildTrie(keywords: readonly { text: string; owner: number }[], classOf: Uint8Array): Node[] {
  const root = newNode();
  root.fail = root;
  for (const { text, owner } of keywords) {
    let node = root;
    for (const char of text.toLowerCase()) {
      const edge = classOf[char.charCodeAt(0)]!;
      let target = node.edges.get(edge);
      if (target === undefined) {
        target = newNode();
        node.edges.set(edge, target);
      }
      node = target;
    }
    node.owners.push(text.length, owner);
  }
  return breadthFirst(root);
}

function newNode(): Node {
  return { edges: new Map(), fail: undefined as unknown as Node, owners: [], id: 0 };
}

function breadthFirst(root: Node): Node[] {
  const nodes = [root];
  for (const node of nodes) nodes.push(...node.edges.values());
  return nodes;
}

function linkFailures(nodes: readonly Node[]): void {
  const root = nodes[0]!;
  for (const node of nodes) {
    for (const [edge, child] of node.edges) {
      let fail = node.fail;
      while (fail !== root && !fail.edges.has(edge)) fail = fail.fail;
      const target = fail.edges.get(edge);
      child.fail = target === undefined || target === child ? root : target;
      if (child.fail.owners.length > 0) child.owners = [...child.owners, ...child.fail.owners];
    }
  }
}

function fillRow(next: Automaton['next'], node: Node, shift: number, classes: number): void {
  const row = node.id << shift;
  const failRow = node.fail.id << shift;
  if (node.fail !== node) next.copyWithin(row, failRow, failRow + classes);
  for (const [edge, child] of node.edges) next[row + edge] = child.id;
}

function flattenOwners(ordered: readonly Node[]): { ownersAt: Uint32Array; owners: Uint32Array } {
  const hits = ordered.filter((node) => node.owners.length > 0);
  const ownersAt = shared(Uint32Array, hits.length + 1);
  const flat: number[] = [];
  hits.forEach((node, index) => {
    for (const one of node.owners) flat.push(one);
    ownersAt[index + 1] = flat.length;
  });
  const owners = shared(Uint32Array, flat.length);
  owners.set(flat);
  return { ownersAt, owners };
}
