// Copies that editors and people lay beside a file hold what the file holds: `.env~`, `.#.env`, `id_rsa.bak`, `.id_rsa.swp`.

const BACKUP = /~$|#$|^\.#|\.(?:sw[a-p]|bak|backup|orig|old|save|copy)$/;

const FORMS: readonly RegExp[] = [
  /^(.+?)(?:\.~\d+)?~$/,
  /^#(.+)#$/,
  /^\.#(.+)$/,
  /^(.+)\.(?:sw[a-p]|bak|backup|orig|old|save|copy)$/,
  // vim puts a dot before names that have none
  /^\.(.+)\.sw[a-p]$/,
];

/** The paths that this one may be a copy of, by its name; most often none. */
export function originalsOf(path: string): string[] {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  if (!BACKUP.test(name)) return [];
  return FORMS.flatMap((form) => {
    const original = form.exec(name)?.[1];
    return original === undefined ? [] : [path.slice(0, slash) + original];
  });
}
