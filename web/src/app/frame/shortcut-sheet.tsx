import { Kbd, Modal } from '@mantine/core';
import { modKey } from '../../platform/keys/shortcuts.ts';
import classes from './shortcut-sheet.module.css';

const GROUPS: { title: string; keys: [keys: string[], what: string][] }[] = [
  {
    title: 'Everywhere',
    keys: [
      [[`${modKey.trim()} K`, '/'], 'Search'],
      [['g h'], 'Go to Home'],
      [['g a'], 'Go to Ask'],
      [['g t'], 'Go to Threads'],
      [['g s'], 'Browse spaces'],
      [['['], 'Collapse or expand the side bar'],
      [['?'], 'Show this sheet'],
      [['Esc'], 'Close what is on top'],
    ],
  },
  {
    title: 'Chat',
    keys: [
      [['Enter'], 'Send'],
      [['Shift Enter'], 'New line'],
      [['↑'], 'Edit your last message, in an empty box'],
      [['j', 'k'], 'Next and previous message'],
      [['e'], 'Edit the message in focus'],
      [['t'], 'Open the thread of the message in focus'],
      [['+'], 'React to the message in focus'],
      [['q'], 'Quote the message in focus'],
    ],
  },
  {
    title: 'Documents, FAQs, decisions',
    keys: [
      [['e'], 'Edit the page'],
      [[`${modKey.trim()} S`, `${modKey.trim()} Enter`], 'Save'],
    ],
  },
];

export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keyboard shortcuts">
      {GROUPS.map(({ title, keys }) => (
        <section key={title} className={classes.group}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([names, what]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  {names.map((name) => (
                    <Kbd key={name} size="xs">
                      {name}
                    </Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
