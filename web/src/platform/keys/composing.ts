/**
 * While an input method composes, keys are its own: Enter takes a candidate, Escape drops it,
 * arrows choose. Nothing of the app hears them, wherever a key would act. Safari ends the
 * composition before the Enter that ended it, which is then known by its key code alone.
 */
export function keepComposingKeys(target: Window): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === OF_AN_INPUT_METHOD) event.stopImmediatePropagation();
  };
  target.addEventListener('keydown', onKeyDown, { capture: true });
  return () => target.removeEventListener('keydown', onKeyDown, { capture: true });
}

const OF_AN_INPUT_METHOD = 229;
