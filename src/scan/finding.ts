/** How sure the rule is: `certain` (checksum or vendor prefix), `likely` (structure and context), `possible` (entropy or key name only). */
export type Confidence = 'certain' | 'likely' | 'possible';

/** One secret in one text. Holds where, never what. */
export interface Finding {
  /** Rule id, `vendor.what`. */
  rule: string;
  /** Offset of the first byte of the secret in the scanned bytes. */
  start: number;
  /** Offset after its last byte. */
  end: number;
  /** The same span in UTF-16 units of the decoded text. */
  startUtf16: number;
  endUtf16: number;
  confidence: Confidence;
  /** Set when the secret stands inside an encoded form (base64, hex, ...), outermost first; the span covers the encoded form. */
  encoding?: readonly string[];
  /** The span is a number without quotes in a JSON document: its placeholder gets quotes, which go again with it. */
  bare?: true;
}

/** What kind of content a file holds, told by its bytes. */
export type ContentKind = 'text' | 'image' | 'archive' | 'database' | 'keystore' | 'dump' | 'other';
