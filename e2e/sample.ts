import { login, register } from '@teambrain/contract/auth.ts';
import { postMessage } from '@teambrain/contract/chat.ts';
import { createEntry } from '@teambrain/contract/knowledge.ts';
import { search } from '@teambrain/contract/search.ts';
import { createSpace, joinSpace } from '@teambrain/contract/spaces.ts';
import { createCaller } from '@teambrain/client/call.ts';

const TALK = [
  ['Marta', 'Morning! The supply boat is late again, they say around noon.'],
  ['Ada', 'Clean the lens before the inspection, please. The checklist is `docs/lens.md`.'],
  ['Marta', 'Will do. I will check the oil as well: we had **nine litres** a night last winter.'],
  ['Ada', 'We decided to paint the lighthouse red before the storm season starts.'],
  [
    'Ada',
    'Reasons:\n\n- the white paint peels on the weather side\n- red is seen from further away\n- the yard in Bergen gives a discount',
  ],
  ['Marta', 'Who orders the paint?'],
  ['Ada', 'I will order forty litres of weatherproof paint by Friday.'],
  [
    'Marta',
    'The code on the gate is:\n\n```ts\nconst open = (key: string) => key === boathouse;\n```',
  ],
] as const;

/** Content for pictures and accessibility checks: Ada's space with talk, knowledge and a colleague. */
export async function fill(url: string, account: { email: string; password: string }) {
  const as = async (accessToken: string) =>
    createCaller({ baseUrl: url, accessToken: () => accessToken });
  const anyone = createCaller({ baseUrl: url });
  const ada = await as((await anyone(login, { body: account })).accessToken);
  const body = { email: 'marta@example.org', name: 'Marta', password: 'Marta likes boats' };
  const marta = await as((await anyone(register, { body })).accessToken);

  const harbour = await ada(createSpace, {
    body: { name: 'Harbour', visibility: 'public', description: 'Lighthouse, boats and weather' },
  });
  const locked = await marta(createSpace, {
    body: { name: 'Wages', visibility: 'protected', password: 'between us' },
  });
  const empty = await ada(createSpace, { body: { name: 'Quiet corner', visibility: 'public' } });
  const params = { spaceId: harbour.id };
  await marta(joinSpace, { params, body: {} });
  for (const [who, text] of TALK) {
    await (who === 'Ada' ? ada : marta)(postMessage, { params, body: { text } });
  }
  const lamp = await ada(createEntry, {
    params,
    body: {
      kind: 'document',
      title: 'Keeping the lamp',
      markdown:
        '## Oil\n\nThe lamp burns nine litres of oil every night in winter. Refill it at dusk.\n\n| Month | Litres |\n| --- | --- |\n| January | 280 |\n| July | 150 |\n\n## Glass\n\nClean the glass with vinegar each Monday morning.\n\n- [x] Cloths\n- [ ] Ladder',
    },
  });
  await ada(createEntry, {
    params,
    body: {
      kind: 'document',
      title: 'Lens checklist',
      markdown: 'Wipe, look, wipe.',
      parentId: lamp.id,
    },
  });
  await ada(createEntry, {
    params,
    body: {
      kind: 'faq',
      title: 'Who has the key to the boathouse?',
      markdown: 'Marta keeps the boathouse key in her desk.',
    },
  });
  await marta(createEntry, { params, body: { kind: 'faq', title: 'When does the ferry sail?' } });
  const decision = await ada(createEntry, {
    params,
    body: {
      kind: 'decision',
      title: 'Replace the foghorn',
      status: 'accepted',
      decision: {
        context: 'The old foghorn fails in heavy rain.',
        options: 'Repair it, or buy an electric one.',
        outcome: 'We buy an electric foghorn from the Bergen yard.',
        consequences: 'The generator has to be serviced twice a year.',
      },
    },
  });
  await indexed(ada);
  return {
    space: harbour.id,
    emptySpace: empty.id,
    lockedSpace: locked.id,
    document: lamp.id,
    decision: decision.id,
  };
}

/** Waits until the last thing written is found. */
async function indexed(call: ReturnType<typeof createCaller>): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const { items } = await call(search, { query: { q: 'electric foghorn generator' } });
    if (items.some(({ source }) => source.kind === 'decision')) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the index did not follow within 10 s');
}
