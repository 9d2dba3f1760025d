import classes from './avatar.module.css';

const HUES = [176, 205, 232, 262, 300, 335, 12, 30, 92, 140];

/** Initials on a colour of their own, the same wherever that person shows. */
export function Avatar({ id, name, size = 32 }: { id: string; name: string; size?: number }) {
  const hue = HUES[hash(id) % HUES.length] ?? 176;
  return (
    <span
      aria-hidden
      className={classes.avatar}
      style={{ ['--hue' as string]: hue, width: size, height: size, fontSize: size * 0.4 }}
    >
      {initials(name)}
    </span>
  );
}

function hash(text: string): number {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return sum;
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}
