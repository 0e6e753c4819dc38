export function runawayReason(_source: string, _flags: string): string | undefined {
  return undefined;
}
