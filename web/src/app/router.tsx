import type { Session } from '@teambrain/client/session.ts';
import type { EntryKind } from '@teambrain/contract/knowledge.ts';
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { instanceQuery } from '../features/auth/auth.queries.ts';
import { ErrorPage } from './error-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { ownPath, rangeOf, textOf, uuidOf, type RangeSearch } from './search-params.ts';

export interface RouterContext {
  session: Session;
  client: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

const toSearch = (search: Record<string, unknown>): { to?: string | undefined } => ({
  to: ownPath(search['to']),
});

/** Who is signed in has no business at the door. */
const onlySignedOut = ({
  context,
  search,
}: {
  context: RouterContext;
  search: { to?: string | undefined };
}) => {
  if (context.session.user) redirect({ href: search.to ?? '/', replace: true, throw: true });
};

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: toSearch,
  beforeLoad: onlySignedOut,
  component: lazyRouteComponent(() =>
    import('./pages/door-pages.tsx').then(({ SignInPage }) => ({ default: SignInPage })),
  ),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: toSearch,
  beforeLoad: onlySignedOut,
  component: lazyRouteComponent(() =>
    import('./pages/door-pages.tsx').then(({ SignUpPage }) => ({ default: SignUpPage })),
  ),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context: { session, client }, location }) => {
    if (session.user) return;
    // An empty instance has nobody to sign in. Without an answer the sign-in page says so.
    const instance = await client
      .fetchQuery({ ...instanceQuery(session.call), retry: false })
      .catch(() => null);
    const to = location.href === '/' ? undefined : location.href;
    redirect({
      to: instance?.isEmpty ? '/sign-up' : '/sign-in',
      search: { to },
      replace: true,
      throw: true,
    });
  },
  component: lazyRouteComponent(() =>
    import('./frame/signed-in.tsx').then(({ SignedIn }) => ({ default: SignedIn })),
  ),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() =>
    import('./pages/home-page.tsx').then(({ HomePage }) => ({ default: HomePage })),
  ),
});

const ask = createRoute({
  getParentRoute: () => signedIn,
  path: '/ask',
  validateSearch: (search: Record<string, unknown>): { q?: string | undefined } => ({
    q: textOf(search['q'], 1000),
  }),
  component: lazyRouteComponent(() =>
    import('./pages/ask-page.tsx').then(({ AskPage }) => ({ default: AskPage })),
  ),
});

const browse = createRoute({
  getParentRoute: () => signedIn,
  path: '/spaces',
  component: lazyRouteComponent(() =>
    import('./pages/browse-page.tsx').then(({ BrowsePage }) => ({ default: BrowsePage })),
  ),
});

const threads = createRoute({
  getParentRoute: () => signedIn,
  path: '/threads',
  component: lazyRouteComponent(() =>
    import('./pages/threads-page.tsx').then(({ ThreadsPage }) => ({ default: ThreadsPage })),
  ),
});

const saved = createRoute({
  getParentRoute: () => signedIn,
  path: '/saved',
  component: lazyRouteComponent(() =>
    import('../features/saved/saved-page.tsx').then(({ SavedPage }) => ({ default: SavedPage })),
  ),
});

const drafts = createRoute({
  getParentRoute: () => signedIn,
  path: '/drafts',
  component: lazyRouteComponent(() =>
    import('../features/drafts/drafts-page.tsx').then(({ DraftsPage }) => ({
      default: DraftsPage,
    })),
  ),
});

const person = createRoute({
  getParentRoute: () => signedIn,
  path: '/people/$userId',
  component: lazyRouteComponent(() =>
    import('./pages/person-page.tsx').then(({ PersonPage }) => ({ default: PersonPage })),
  ),
});

const groups = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups',
  component: lazyRouteComponent(() =>
    import('../features/groups/groups-page.tsx').then(({ GroupsPage }) => ({
      default: GroupsPage,
    })),
  ),
});

const group = createRoute({
  getParentRoute: () => signedIn,
  path: '/groups/$groupId',
  component: lazyRouteComponent(() =>
    import('../features/groups/group-page.tsx').then(({ GroupPage }) => ({ default: GroupPage })),
  ),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() =>
    import('../features/auth/account.tsx').then(({ Account }) => ({ default: Account })),
  ),
});

const space = createRoute({
  getParentRoute: () => signedIn,
  path: '/s/$spaceId',
  component: lazyRouteComponent(() =>
    import('./pages/space-layout.tsx').then(({ SpaceLayout }) => ({ default: SpaceLayout })),
  ),
});

const chat = createRoute({
  getParentRoute: () => space,
  path: '/',
  validateSearch: (
    search: Record<string, unknown>,
  ): RangeSearch & { message?: string | undefined } => ({
    message: uuidOf(search['message']),
    ...rangeOf(search),
  }),
  component: lazyRouteComponent(() =>
    import('./pages/chat-page.tsx').then(({ ChatPage }) => ({ default: ChatPage })),
  ),
});

/** What a mention of all members links to. */
const members = createRoute({
  getParentRoute: () => space,
  path: '/members',
  beforeLoad: ({ params }) => {
    redirect({ to: '/s/$spaceId', params, replace: true, throw: true });
  },
});

const documents = createRoute({
  getParentRoute: () => space,
  path: '/documents',
  component: lazyRouteComponent(() =>
    import('./pages/knowledge-pages.tsx').then(({ DocumentsPage }) => ({ default: DocumentsPage })),
  ),
});

const faqs = createRoute({
  getParentRoute: () => space,
  path: '/faqs',
  component: lazyRouteComponent(() =>
    import('./pages/knowledge-pages.tsx').then(({ FaqsPage }) => ({ default: FaqsPage })),
  ),
});

const decisions = createRoute({
  getParentRoute: () => space,
  path: '/decisions',
  component: lazyRouteComponent(() =>
    import('./pages/knowledge-pages.tsx').then(({ DecisionsPage }) => ({ default: DecisionsPage })),
  ),
});

const kindOf = (value: unknown): EntryKind =>
  value === 'faq' || value === 'decision' ? value : 'document';

interface NewEntrySearch {
  kind: EntryKind;
  parent?: string | undefined;
  title?: string | undefined;
}

const newEntry = createRoute({
  getParentRoute: () => space,
  path: '/new',
  validateSearch: (search: Record<string, unknown>): NewEntrySearch => ({
    kind: kindOf(search['kind']),
    parent: uuidOf(search['parent']),
    title: textOf(search['title'], 200),
  }),
  component: lazyRouteComponent(() =>
    import('./pages/knowledge-pages.tsx').then(({ NewEntryPage }) => ({ default: NewEntryPage })),
  ),
});

const entry = createRoute({
  getParentRoute: () => space,
  path: '/e/$entryId',
  validateSearch: rangeOf,
  component: lazyRouteComponent(() =>
    import('./pages/knowledge-pages.tsx').then(({ EntryPage }) => ({ default: EntryPage })),
  ),
});

const anythingElse = createRoute({
  getParentRoute: () => signedIn,
  path: '$',
  component: NotFoundPage,
});

const routes = root.addChildren([
  signIn,
  signUp,
  signedIn.addChildren([
    home,
    ask,
    threads,
    saved,
    drafts,
    browse,
    person,
    groups,
    group,
    account,
    anythingElse,
    space.addChildren([chat, members, documents, faqs, decisions, newEntry, entry]),
  ]),
]);

export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree: routes,
    context,
    defaultPreload: 'intent',
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingMs: 300,
    scrollRestoration: false,
  });
}

/** Begins to fetch the code of the page at the present address; what fails is asked for again there. */
export function fetchPage(router: ReturnType<typeof createAppRouter>): void {
  const { routesById, latestLocation } = router;
  for (const { routeId } of router.matchRoutes(latestLocation)) {
    const route = routesById[routeId as keyof typeof routesById];
    router.loadRouteChunk(route)?.catch(() => undefined);
  }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
