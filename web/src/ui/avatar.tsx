import classes from './avatar.module.css';
import { hueOf } from './hue.ts';

/** Initials on a colour of their own, the same wherever that person shows. */
export function Avatar({ id, name, size = 32 }: { id: string; name: string; size?: number }) {
  return (
    <span
      aria-hidden
      className={classes.avatar}
      style={{ ['--hue' as string]: hueOf(id), width: size, height: size, fontSize: size * 0.4 }}
    >
      {initials(name)}
    </span>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}
