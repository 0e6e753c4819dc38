// The one door to micromatch: globs over names that are no paths (environment variables, hosts). Paths have their own
// matcher (paths.ts), which answers as git does.
import micromatch from 'micromatch';

/** Whether a name matches one of the globs; `*` stops at nothing but the end of the name. */
export function matchesName(name: string, globs: readonly string[]): boolean {
  return micromatch.isMatch(name, [...globs], { dot: true, nonegate: true, noextglob: true, nobrace: true });
}
