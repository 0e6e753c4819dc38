/** At least two of lower case, upper case, digits and other characters: plain words and plain numbers fail. */
export function mixedClasses(secret: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/];
  return classes.filter((one) => one.test(secret)).length >= 2;
}
