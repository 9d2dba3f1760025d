import { notifications } from '@mantine/notifications';
import { useEffect, useState, type ComponentType } from 'react';

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
}

/**
 * A dialog whose code is not part of the first load: `load` runs when it opens first. When that
 * fails the dialog closes with a message, and the next opening tries again.
 */
export function dialogLater<P extends DialogProps>(
  load: () => Promise<ComponentType<P>>,
): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Later(props: P) {
    const { isOpen, onClose } = props;
    const [Dialog, setDialog] = useState(() => loaded);
    useEffect(() => {
      if (!isOpen || Dialog) return undefined;
      let isCurrent = true;
      load().then(
        (component) => {
          loaded = component;
          if (isCurrent) setDialog(() => component);
        },
        () => {
          if (!isCurrent) return;
          onClose();
          notifications.show({
            color: 'red',
            message: 'This dialog could not be loaded. Check your connection and try again.',
          });
        },
      );
      return () => {
        isCurrent = false;
      };
    }, [isOpen, Dialog, onClose]);
    // It opens once it is there: only then does it note where the focus was, to give it back.
    const [isThere, setIsThere] = useState(false);
    useEffect(() => setIsThere(Dialog !== null), [Dialog]);
    return Dialog && <Dialog {...props} isOpen={isOpen && isThere} />;
  };
}

/** Milliseconds in which the first page is for itself. */
const FIRST_PAGE = 3_000;

/**
 * Runs `work` when the first page is there and the browser has nothing else to do, 3 to 8 s from
 * now. @returns a function that calls it off
 */
export function whenIdle(work: () => void): () => void {
  let handle = 0;
  const timer = setTimeout(() => {
    if ('requestIdleCallback' in window) handle = requestIdleCallback(work, { timeout: 5_000 });
    else work();
  }, FIRST_PAGE);
  return () => {
    clearTimeout(timer);
    if (handle) cancelIdleCallback(handle);
  };
}
