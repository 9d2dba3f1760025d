/** What this browser remembers under a name; undefined where it remembers nothing or may not. */
export function readKept(name: string): unknown {
  try {
    const text = localStorage.getItem(`teambrain-${name}`);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** Remembers a value, or forgets it when it is undefined; false where the browser does not allow it. */
export function keep(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(`teambrain-${name}`);
    else localStorage.setItem(`teambrain-${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
