/** What to say about an address that cannot be one, else null; the server has the last word. */
export function looksLikeEmail(value: string): string | null {
  if (!value.trim()) return 'Type your e-mail address';
  return /^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'This is no e-mail address yet';
}
