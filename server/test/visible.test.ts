import { expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import * as knowledge from '@teambrain/contract/knowledge.ts';
import type { Problem } from '@teambrain/contract/problem.ts';
import { register } from '../src/testing/people.ts';
import { createSpace } from '../src/testing/space.ts';
import { send } from '../src/testing/http.ts';
import { useTestApp } from '../src/testing/test-app.ts';

/** Texts that show nothing, and one that turns what follows around. */
const UNSEEN = ['\u200B', '\u2800', '\u3164', '\u00AD', '\u0301\u0301', '\u{E0061}', '\uFE0F'];
const TURNED = '\u202Eevil';

it('what shows nothing is no name, title, message or emoji, and a sentence says so', async () => {
  const app = await useTestApp();
  const owner = await register(app.url, 'Owner');
  const spaceId = await createSpace(owner);
  const params = { spaceId };
  const { id } = await owner.call(chat.postMessage, { params, body: { text: 'Seen' } });
  const body = { kind: 'document', title: 'Seen' } as const;
  const entry = await owner.call(knowledge.createEntry, { params, body });
  const password = 'quite a long one';
  const account = (name: string) => ({ email: 'new@example.org', name, password });
  const version = { 'if-match': '"1"' };

  const doors: [
    route: string,
    pointer: string,
    body: (text: string) => object,
    headers?: object,
  ][] = [
    ['POST /auth/register', '/name', account],
    ['PATCH /me', '/name', (name) => ({ name })],
    ['POST /spaces', '/name', (name) => ({ name, visibility: 'public' })],
    [`PATCH /spaces/${spaceId}`, '/name', (name) => ({ name })],
    [`POST /spaces/${spaceId}/entries`, '/title', (title) => ({ ...body, title })],
    [`PATCH /spaces/${spaceId}/entries/${entry.id}`, '/title', (title) => ({ title }), version],
    [`POST /spaces/${spaceId}/messages`, '/text', (text) => ({ text })],
    [`PATCH /spaces/${spaceId}/messages/${id}`, '/text', (text) => ({ text }), version],
    [`PATCH /spaces/${spaceId}`, '/emoji', (emoji) => ({ emoji })],
  ];
  for (const [route, pointer, bodyOf, headers = {}] of doors) {
    const others = pointer === '/text' ? ['&#8203;'] : [TURNED];
    const marks = pointer === '/emoji' ? [`⚓${'\u0301'.repeat(9)}`, '⚓\u{E0061}\u{E007F}'] : [];
    for (const text of [...UNSEEN, ...others, ...marks]) {
      const reply = await send(app.url, route, {
        token: owner.token,
        headers: headers as Record<string, string>,
        body: bodyOf(text),
      });
      expect([route, reply.status, reply.code]).toEqual([route, 400, 'invalid-request']);
      const [error] = reply.json<Problem>().errors ?? [];
      expect(error?.pointer, route).toBe(pointer);
      const sentence =
        /^(has to be visible|has to show something|would look empty|is not one emoji)/;
      expect(error?.detail, route).toMatch(sentence);
    }
  }
});

it('names and messages of every script pass, with the joiners they need', async () => {
  const app = await useTestApp();
  const owner = await register(app.url, 'Owner');
  const spaceId = await createSpace(owner);
  for (const name of ['علی\u200Cرضا', 'क्\u200Dष', '日本語', '👩🏽‍🚀 Crew', 'José']) {
    const changed = await send(app.url, 'PATCH /me', { token: owner.token, body: { name } });
    expect([name, changed.status]).toEqual([name, 200]);
  }
  for (const text of ['👍', '…', 'a\u200Bb', '&nbsp;&amp;', '<!-- shown as written -->']) {
    const params = { spaceId };
    expect((await owner.call(chat.postMessage, { params, body: { text } })).text).toBe(text);
  }
});
