import { fingerprint } from './fingerprint.ts';

/**
 * Where unsent words lie in the browser: one item of the localStorage for each person, tab and
 * draft, so that two tabs never write over each other. A name is
 * `teambrain-draft-<person>/<tab>/<draft>`; a value is the time, a bar, and JSON.
 */
export interface Slot {
  name: string;
  userId: string;
  tab: string;
  key: string;
  /** When it was written, epoch milliseconds. */
  at: number;
  /** UTF-16 code units of name and value. */
  size: number;
}

/**
 * What the server held when a tab last agreed with it: the version, the text's fingerprint and ids of
 * files. Words that still have that fingerprint are safe on the server.
 */
export interface Base {
  version: number;
  text: number;
  files: readonly string[];
}

/** Under which a tab keeps what its words are based on. */
export const baseKey = (key: string) => `base-${key}`;

const PREFIX = 'teambrain-draft-';
/** An item of this name says since when a tab is open; its words are its own. */
const OPEN = 'teambrain-tab-';
/** A tab that was opened or reloaded just now may not have its lock yet. */
const OPENING_MS = 10_000;

/** What this browser keeps at most, whoever wrote it; the oldest goes first. */
export const limits = {
  count: 300,
  /** Two bytes for each UTF-16 code unit. */
  bytes: 4_194_304,
  oneBytes: 2_097_152,
  age: 30 * 24 * 3_600_000,
};

export const slotName = (userId: string, tab: string, key: string) =>
  `${PREFIX}${userId}/${tab}/${key}`;

export const isSlotName = (name: string | null) => name?.startsWith(PREFIX) ?? false;

/** Every draft in this browser, the newest first; nothing where the browser allows no storage. */
export function listSlots(): Slot[] {
  const slots: Slot[] = [];
  for (const name of names()) {
    const [userId, tab, ...key] = name.slice(PREFIX.length).split('/');
    const value = isSlotName(name) ? localStorage.getItem(name) : null;
    if (value === null || !userId || !tab) continue;
    const at = Number.parseInt(value, 10) || 0;
    slots.push({ name, userId, tab, key: key.join('/'), at, size: name.length + value.length });
  }
  return slots.sort((a, b) => b.at - a.at);
}

/** What a slot holds; undefined when it is gone or makes no sense. */
export function readSlot(name: string): unknown {
  try {
    const value = localStorage.getItem(name);
    return value === null ? undefined : JSON.parse(value.slice(value.indexOf('|') + 1));
  } catch {
    return undefined;
  }
}

/** Whether the words of a slot are on the server as they are. */
export function isOnServer({ userId, tab, key, name }: Slot): boolean {
  const base = readSlot(slotName(userId, tab, baseKey(key))) as Base | undefined;
  const words = readSlot(name);
  return base !== undefined && typeof words === 'string' && fingerprint(words) === base.text;
}

/** Writes a slot, dropping the oldest ones where there are too many; false when it cannot be kept. */
export function writeSlot(name: string, value: unknown): boolean {
  const text = `${Date.now()}|${JSON.stringify(value)}`;
  if ((name.length + text.length) * 2 > limits.oneBytes) {
    dropSlot(name);
    return false;
  }
  const others = listSlots().filter((slot) => slot.name !== name);
  let bytes = (name.length + text.length) * 2;
  const standing = others.filter((slot, place) => {
    bytes += slot.size * 2;
    const stays = place + 1 < limits.count && bytes <= limits.bytes;
    if (!stays) dropSlot(slot.name);
    return stays;
  });
  for (;;) {
    try {
      localStorage.setItem(name, text);
      return true;
    } catch {
      // The browser's own limit may be lower.
      const oldest = standing.pop();
      if (!oldest) break;
      dropSlot(oldest.name);
    }
  }
  // What it said before would come back in the place of what was not kept.
  dropSlot(name);
  return false;
}

export function dropSlot(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // Then there is nothing of it either.
  }
}

/** Forgets what is of no use any more: drafts of others than `userId`, and those too old. */
export function tidy(userId: string): void {
  const oldest = Date.now() - limits.age;
  for (const slot of listSlots()) {
    if (slot.userId !== userId || slot.at < oldest) dropSlot(slot.name);
  }
}

/** Says that this tab is open, or that it is not any more. */
export function markTab(tab: string, isOpen: boolean): void {
  try {
    if (isOpen) localStorage.setItem(OPEN + tab, String(Date.now()));
    else localStorage.removeItem(OPEN + tab);
  } catch {
    // Nothing is kept then, and nothing is to be told apart.
  }
}

export function isTabOpen(tab: string): boolean {
  try {
    return localStorage.getItem(OPEN + tab) !== null;
  } catch {
    return false;
  }
}

/**
 * A tab that crashed could not say that it ended: its lock is gone. Browsers offer no locks over
 * plain HTTP from another machine; there its words wait as those of another tab.
 */
export async function forgetCrashedTabs(tab: string): Promise<void> {
  if (!('locks' in navigator)) return;
  holdLock(tab);
  const { held = [], pending = [] } = await navigator.locks.query();
  const open = new Set([...held, ...pending].map((lock) => lock.name));
  for (const name of names()) {
    if (!name.startsWith(OPEN) || open.has(name) || name === OPEN + tab) continue;
    if (Date.now() - Number(localStorage.getItem(name)) < OPENING_MS) continue;
    markTab(name.slice(OPEN.length), false);
  }
}

let locked: string | null = null;
function holdLock(tab: string): void {
  if (locked === tab) return;
  locked = tab;
  // Held until the page ends.
  void navigator.locks.request(OPEN + tab, () => new Promise<never>(() => undefined));
}

function names(): string[] {
  try {
    return Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '');
  } catch {
    return [];
  }
}
