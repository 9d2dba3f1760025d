import {
  cloneElement,
  useCallback,
  useRef,
  useState,
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactElement,
  type Ref,
} from 'react';
import { dialogLater } from '../later.tsx';
import type { MenuListProps } from './menu-list.tsx';

const load = () => import('./menu-list.tsx').then((module) => module.MenuList);
const MenuList = dialogLater(load);

/** Loads the code of menus, so that the first opens at once. */
export const loadMenus = () => void load().catch(() => undefined);

interface Props extends Omit<MenuListProps, 'isOpen' | 'onClose' | 'target'> {
  /** Opens the menu; it takes a ref and the attributes of a button. */
  button: ReactElement<HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLButtonElement> }>;
}

/** A button with a menu, which is loaded and drawn when it first opens. */
export function MenuButton({ button, ...list }: Props) {
  const target = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpen, setWasOpen] = useState(false);
  const close = useCallback(() => setIsOpen(false), []);
  const toggle = () => {
    setIsOpen(!isOpen);
    setWasOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' || isOpen) return;
    event.preventDefault();
    toggle();
  };
  return (
    <>
      {cloneElement(button, {
        ref: target,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        onClick: toggle,
        onKeyDown,
        onPointerEnter: loadMenus,
        onFocus: loadMenus,
      })}
      {wasOpen && <MenuList {...list} isOpen={isOpen} onClose={close} target={target.current} />}
    </>
  );
}
