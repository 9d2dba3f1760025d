const HUES = [176, 205, 232, 262, 300, 335, 12, 30, 92, 140];

/** The hue (degrees) that an id has wherever it shows. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return HUES[sum % HUES.length] ?? 176;
}
