import { EmojiPicker as Picker } from 'frimousse';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { loadEmojiNames, type EmojiNames } from './emoji-names.ts';
import classes from './emoji-picker.module.css';

/** Where the build puts the names and groups of emoji (web/vite.config.ts). */
const DATA = '/emoji';

/** All emoji by group, with a search by name; arrow keys and Enter choose. */
export function EmojiPicker({ onChoose }: { onChoose: (emoji: string) => void }) {
  const [search, setSearch] = useState('');
  const names = useEmojiNames();
  const hasMoved = useRef(false);
  // “rocket” is the rocket, although the astronaut, who has one, comes before it in the list.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.startsWith('Arrow')) hasMoved.current = true;
    const exact = names?.get(search.trim().toLowerCase().replaceAll(' ', '_'));
    if (event.key !== 'Enter' || hasMoved.current || !exact) return;
    event.preventDefault();
    event.stopPropagation();
    onChoose(exact);
  };
  return (
    <Picker.Root
      className={classes.root}
      columns={8}
      emojibaseUrl={DATA}
      onEmojiSelect={({ emoji }) => onChoose(emoji)}
    >
      <Picker.Search
        className={classes.search}
        placeholder="Search emoji"
        aria-label="Search emoji"
        autoFocus
        value={search}
        onChange={(event) => {
          hasMoved.current = false;
          setSearch(event.target.value);
        }}
        onKeyDownCapture={onKeyDown}
      />
      <Picker.Viewport className={classes.viewport}>
        <Picker.Loading className={classes.note}>Loading</Picker.Loading>
        <Picker.Empty className={classes.note}>
          {({ search }) => <>No emoji is called “{search}”</>}
        </Picker.Empty>
        <Picker.List
          className={classes.list}
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className={classes.group}>
                {category.label}
              </div>
            ),
            Row: ({ children, ...props }) => (
              <div {...props} className={classes.row}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button {...props} type="button" className={classes.emoji}>
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </Picker.Viewport>
      <footer className={classes.foot}>
        <Picker.ActiveEmoji>
          {({ emoji }) => (
            <span className={classes.active}>{emoji?.label ?? 'Choose an emoji'}</span>
          )}
        </Picker.ActiveEmoji>
        <Picker.SkinToneSelector className={classes.emoji} aria-label="Skin tone" />
      </footer>
    </Picker.Root>
  );
}

/** Null until they are loaded; without them Enter takes the first of the list. */
function useEmojiNames(): EmojiNames | null {
  const [names, setNames] = useState<EmojiNames | null>(null);
  useEffect(() => {
    loadEmojiNames().then(setNames, () => undefined);
  }, []);
  return names;
}
