/** Bytes 80 to 9F of Windows-1252; Node 20 decodes them as Latin-1, to control characters. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** The text without a byte order mark, or null if the bytes are not valid in this encoding. */
export function tryDecode(bytes: Uint8Array, encoding: string): string | null {
  if (encoding === 'windows-1252') {
    const latin = Buffer.from(bytes).toString('latin1');
    return latin.replace(/[\x80-\x9f]/g, (char) => WINDOWS[char.charCodeAt(0) - 0x80] ?? char);
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null; // not valid in it: that is the answer
  }
}
