import { useMemo } from 'react';
import { createStore, useStore } from '../store.ts';
import {
  dropSlot,
  baseKey,
  forgetCrashedTabs,
  isOnServer,
  isSlotName,
  isTabOpen,
  listSlots,
  markTab,
  readSlot,
  slotName,
  tidy,
  writeSlot,
  type Slot,
} from './slots.ts';

/**
 * Unsent words, kept in this browser for the person who wrote them: they survive a reload, a crash
 * and a session that was ended elsewhere. They are dropped at one's own log-out, when another
 * person signs in, and where one may not write any more. Each tab has its own; those of tabs that
 * are closed pass to the next tab that asks for them.
 *
 * A key is a word, a space's id where the draft belongs to one, and what else tells it apart.
 */
const TAB = 'teambrain-tab';

interface Drafts {
  owner: string | null;
  /** What this tab holds. */
  own: ReadonlyMap<string, unknown>;
  /** Keys whose words this browser could not keep. */
  unkept: ReadonlySet<string>;
  /** Grows when other tabs changed something. */
  turn: number;
}

const NONE: Drafts = { owner: null, own: new Map(), unkept: new Set(), turn: 0 };
const drafts = createStore<Drafts>(NONE);
const looked = () => drafts.set((was) => ({ ...was, turn: was.turn + 1 }));
let tab = '';

/** The name of this tab: the same after a reload, another one in a copy of the tab. */
function openTab(): void {
  try {
    tab ||= sessionStorage.getItem(TAB) ?? '';
    // A copy of this tab would take the name with it.
    sessionStorage.removeItem(TAB);
  } catch {
    // A reload takes the words over from a tab that is closed.
  }
  tab ||= Math.random().toString(36).slice(2, 12);
  markTab(tab, true);
}

function leaveTab(): void {
  markTab(tab, false);
  try {
    sessionStorage.setItem(TAB, tab);
  } catch {
    // As above.
  }
}

const onShow = () => openTab();
const onStorage = ({ key }: StorageEvent) => {
  if (key === null || isSlotName(key) || key.startsWith(TAB)) looked();
};

/** Takes up what this browser keeps of a person's unsent words; those of others are dropped. */
export function openDrafts(userId: string): void {
  if (drafts.get().owner !== userId) drafts.set({ ...NONE, owner: userId });
  openTab();
  tidy(userId);
  window.addEventListener('pagehide', leaveTab);
  window.addEventListener('pageshow', onShow);
  window.addEventListener('storage', onStorage);
  forgetCrashedTabs(tab).then(looked, () => undefined);
}

/** The session is over: this tab forgets the words, the browser keeps them for their person. */
export function closeDrafts(): void {
  if (drafts.get().owner === null) return;
  drafts.set(NONE);
  markTab(tab, false);
  window.removeEventListener('pagehide', leaveTab);
  window.removeEventListener('pageshow', onShow);
  window.removeEventListener('storage', onStorage);
}

/** After one's own log-out nothing is left, in no tab. */
export function dropDrafts(userId: string): void {
  for (const slot of listSlots()) if (slot.userId === userId) dropSlot(slot.name);
  drafts.set((was) => (was.owner === userId ? { ...NONE, owner: userId } : was));
}

/** Drops what was to be written in spaces where one may not write any more. */
export function dropDraftsOf(isGone: (spaceId: string) => boolean): void {
  const { owner, own } = drafts.get();
  const isLost = (key: string) => {
    const spaceId = key.split(' ')[1];
    return spaceId !== undefined && isGone(spaceId);
  };
  for (const key of own.keys()) if (isLost(key)) keepDraft(key, undefined);
  for (const slot of listSlots()) {
    if (slot.userId === owner && isLost(slot.key)) dropSlot(slot.name);
  }
}

/** The words under a key: this tab's, or else the newest of a tab that is closed. */
export function readDraft<T>(key: string): T | undefined {
  const { owner, own } = drafts.get();
  if (owner === null) return undefined;
  if (own.has(key)) return own.get(key) as T;
  const slots = slotsOf(owner, (one) => one === key);
  const slot = slots.find((one) => one.tab === tab) ?? slots.find((one) => !isTabOpen(one.tab));
  if (!slot) return undefined;
  return takeOver(owner, slot) as T | undefined;
}

/** Whether this tab would find words under a key. */
export function hasDraft(key: string): boolean {
  const { owner, own } = drafts.get();
  if (owner === null) return false;
  if (own.has(key)) return true;
  return slotsOf(owner, (one) => one === key).some((one) => one.tab === tab || !isTabOpen(one.tab));
}

/** The keys with this beginning under which this tab finds words. */
export function draftKeys(beginning: string): string[] {
  const { owner, own } = drafts.get();
  if (owner === null) return [];
  const kept = slotsOf(owner, (key) => key.startsWith(beginning));
  const mine = kept.filter((slot) => slot.tab === tab || !isTabOpen(slot.tab));
  const held = [...own.keys()].filter((key) => key.startsWith(beginning));
  return [...new Set([...held, ...mine.map((slot) => slot.key)])];
}

/** Keeps `value` under `key`, or forgets the key when it is undefined. */
export function keepDraft(key: string, value: unknown): void {
  const { owner } = drafts.get();
  if (owner === null) return;
  const name = slotName(owner, tab, key);
  let isKept = true;
  if (value === undefined) dropSlot(name);
  else isKept = writeSlot(name, value);
  drafts.set((was) => {
    const own = new Map(was.own);
    const unkept = new Set(was.unkept);
    if (value === undefined) own.delete(key);
    else own.set(key, value);
    if (isKept) unkept.delete(key);
    else unkept.add(key);
    return { ...was, own, unkept };
  });
}

/** Words under the same key that another tab holds. */
export interface OtherWords<T> {
  value: T;
  name: string;
}

/**
 * What other tabs hold under a key, the newest first. While this tab has words of its own, those of
 * open tabs are safe where they are, and only those of closed ones are given.
 */
export function useOtherWords<T>(key: string): readonly OtherWords<T>[] {
  const { owner, turn, own } = useStore(drafts);
  const others = useMemo(
    () =>
      slotsOf(owner ?? '', (one) => one === key)
        .filter((slot) => slot.tab !== tab && !isOnServer(slot))
        .map((slot) => ({
          name: slot.name,
          value: readSlot(slot.name) as T | undefined,
          isOpen: isTabOpen(slot.tab),
          turn,
        })),
    [owner, key, turn],
  );
  const mine = own.has(key) ? own.get(key) : readSlot(slotName(owner ?? '', tab, key));
  const words = JSON.stringify(mine);
  return others.filter(
    (one): one is typeof one & { value: T } =>
      one.value !== undefined &&
      (mine === undefined || !one.isOpen) &&
      JSON.stringify(one.value) !== words,
  );
}

/** Other tabs' words are settled here: of a tab that is closed nothing is left. */
export function settleOther({ name }: OtherWords<unknown>): void {
  const slot = listSlots().find((one) => one.name === name);
  if (slot && !isTabOpen(slot.tab)) dropSlot(name);
  looked();
}

/** The server is asked for the words under a key: what closed tabs had brought there is of no use. */
export function dropServed(key: string): void {
  const { owner } = drafts.get();
  for (const slot of slotsOf(owner ?? '', (one) => one === key)) {
    if (slot.tab === tab || isTabOpen(slot.tab) || !isOnServer(slot)) continue;
    dropSlot(slot.name);
    dropSlot(slotName(slot.userId, slot.tab, baseKey(key)));
  }
}

/** Whether there are words that a reload would lose, because this browser could not keep them. */
export function useHasUnkept(): boolean {
  return useStore(drafts, (now) => now.unkept.size > 0);
}

function slotsOf(owner: string, isKey: (key: string) => boolean): Slot[] {
  return listSlots().filter((slot) => slot.userId === owner && isKey(slot.key));
}

/** Makes it this tab's; nobody has to be told, so that it may be done while something is drawn. */
function takeOver(owner: string, slot: Slot): unknown {
  const value = readSlot(slot.name);
  if (slot.tab === tab || value === undefined) return value;
  if (writeSlot(slotName(owner, tab, slot.key), value)) dropSlot(slot.name);
  return value;
}
