/** Colours by meaning; undefined where the terminal has none or the person wants none. */
export interface Theme {
  readonly hidden: string | undefined;
  readonly asked: string | undefined;
  readonly redacted: string | undefined;
  readonly fresh: string | undefined;
}

/** The theme of a terminal with or without colour; meaning is never in the colour alone. */
export function themeOf(colour: boolean): Theme {
  const only = (name: string) => (colour ? name : undefined);
  return { hidden: only('red'), asked: only('yellow'), redacted: only('cyan'), fresh: only('green') };
}
