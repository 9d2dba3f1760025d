import type { SpaceColour } from '@teambrain/contract/spaces.ts';

/** Of each colour its hue in degrees; grey has none. */
export const hues: Record<SpaceColour, number | null> = {
  petrol: 176,
  blue: 205,
  indigo: 232,
  purple: 270,
  pink: 325,
  red: 0,
  orange: 22,
  amber: 44,
  green: 130,
  grey: null,
};

const HUES = [176, 205, 232, 262, 300, 335, 12, 30, 92, 140];

/** The hue (degrees) that an id has wherever it shows. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return HUES[sum % HUES.length] ?? 176;
}
