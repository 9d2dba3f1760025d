/** `Bearer abc` → abc; null for any other scheme or form. */
export function bearerOf(header: string): string | null {
  const space = header.indexOf(' ');
  if (header.slice(0, space).toLowerCase() !== 'bearer') return null;
  const token = header.slice(space + 1);
  return token.includes(' ') ? null : token;
}
