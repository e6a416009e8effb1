/** Say whether a text can be the name of a bucket. */
export function isName(text) {
  return /^[a-z][a-z0-9-]{0,31}$/.test(text);
}
