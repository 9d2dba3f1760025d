import { TextInput, type TextInputProps } from '@mantine/core';
import type { Space, SpaceColour } from '@teambrain/contract/spaces.ts';
import { hues } from '../../ui/hue.ts';
import { SpaceMark } from '../../ui/space-mark.tsx';
import classes from './mark-fields.module.css';

interface Props {
  space: Pick<Space, 'id' | 'visibility'>;
  emoji: TextInputProps;
  colour: SpaceColour | null;
  onColour: (colour: SpaceColour | null) => void;
}

const COLOURS = [null, ...(Object.keys(hues) as SpaceColour[])];

/** The emoji and the colour by which a space's rows are told apart. */
export function MarkFields({ space, emoji, colour, onColour }: Props) {
  const typed = typeof emoji.value === 'string' ? emoji.value.trim() : '';
  return (
    <div className={classes.fields}>
      <TextInput
        className={classes.emoji}
        label="Emoji"
        description="Optional"
        maxLength={32}
        leftSection={<SpaceMark space={{ ...space, emoji: typed || null, colour }} />}
        {...emoji}
      />
      <fieldset className={classes.colours}>
        <legend>Colour</legend>
        {COLOURS.map((one) => (
          <label key={one ?? 'auto'} title={nameOf(one)}>
            <input
              type="radio"
              name="colour"
              aria-label={nameOf(one)}
              checked={one === colour}
              onChange={() => onColour(one)}
            />
            <SpaceMark space={{ ...space, emoji: null, colour: one }} size={24} />
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function nameOf(colour: SpaceColour | null): string {
  return colour ? colour.charAt(0).toUpperCase() + colour.slice(1) : 'Its own';
}
