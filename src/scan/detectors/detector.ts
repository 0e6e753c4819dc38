import type { Confidence } from '../finding.ts';

/** A secret that a detector found: bytes `[start, end)` of the scanned text. */
export interface Detected {
  rule: string;
  start: number;
  end: number;
  confidence: Confidence;
  /** What a foreign tool calls the kind of its report. */
  message?: string;
}

/**
 * Finds secrets that a regular expression cannot tell from ordinary text. An extension point: a file beside this one and an entry in
 * {@link DETECTORS} of `index.ts`. Detectors run only where one of their keywords stands, through the same automaton as the rules.
 */
export interface Detector {
  /** What each of its rule ids is, and what it opens. */
  rules: Readonly<Record<string, string>>;
  /** Literals in any case, of which one stands at every secret that it knows. */
  keywords: readonly string[];
  /**
   * Looks round one keyword hit. Bounded: it may not read the text again and again.
   * @param text bytes as Latin-1 text
   * @param at an offset inside the keyword
   * @param spend is told of work beyond a first look, in bytes that an expression could have read in the same time
   * @returns the offset to which hits have been dealt with
   */
  detect(
    text: string,
    at: number,
    path: string,
    found: (secret: Detected) => void,
    spend?: (bytes: number) => void,
  ): number;
}
