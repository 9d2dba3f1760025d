import { notifications } from '@mantine/notifications';

/** Copies a text; whether the browser did. Over plain HTTP it offers no clipboard, only the old way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Copies a link and says so; where that fails, shows the link, so that it can be copied by hand. */
export async function copyLink(href: string): Promise<void> {
  const link = new URL(href, location.href).href;
  if (await copyText(link)) return void notifications.show({ message: 'Link copied' });
  notifications.show({
    color: 'red',
    title: 'The browser did not allow copying. Copy the link by hand:',
    message: link,
    autoClose: false,
  });
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  // Inside of a dialog, which would take the focus back from elsewhere.
  const place = focused?.closest('[role="dialog"]') ?? document.body;
  const box = document.createElement('textarea');
  box.value = text;
  box.readOnly = true;
  box.style.cssText = 'position: fixed; top: 0; opacity: 0';
  place.append(box);
  try {
    box.select();
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    box.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
