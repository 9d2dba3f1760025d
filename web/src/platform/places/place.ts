import { useRouter } from '@tanstack/react-router';

/**
 * Notes where the reader is; the function it gives back tells whether they are still there. What
 * navigates after an answer of the server asks first: nobody is called back from another page.
 */
export function useNotePlace(): () => () => boolean {
  const { history } = useRouter();
  return () => {
    const { pathname } = history.location;
    return () => history.location.pathname === pathname;
  };
}
