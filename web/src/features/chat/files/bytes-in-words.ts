const UNITS = ['bytes', 'kB', 'MB'];

/** “812 bytes”, “4.2 kB”, “25 MB”. */
export function bytesInWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1_000 && unit < UNITS.length - 1; unit += 1) value /= 1_024;
  const digits = unit === 0 || value >= 10 ? 0 : 1;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}
