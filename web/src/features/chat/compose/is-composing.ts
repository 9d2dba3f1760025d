import type { KeyboardEvent } from 'react';

/** Whether a key belongs to an input method, which has not finished a word yet. */
export const isComposing = ({ nativeEvent }: KeyboardEvent): boolean =>
  // Safari ends the composition before the key that ended it is told.
  nativeEvent.isComposing || nativeEvent.keyCode === 229;
