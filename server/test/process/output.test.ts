import { describe, expect, it } from 'vitest';
import * as chat from '@teambrain/contract/chat.ts';
import { search } from '@teambrain/contract/search.ts';
import * as spaces from '@teambrain/contract/spaces.ts';
import { announce } from '../../src/platform/observability/announce.ts';
import { newInstallation, type Environment } from '../../src/testing/cli.ts';
import { register } from '../../src/testing/people.ts';
import { startServer } from '../../src/testing/server-process.ts';
import { openSocket } from '../../src/testing/socket.ts';

interface Line {
  level: number;
  time: string;
  msg: string;
  event?: string;
  address?: string;
}

/** @throws when a line is anything but a JSON object */
const parse = (lines: readonly string[]): Line[] =>
  lines.map((line) => {
    expect(line).toMatch(/^\{.*\}$/);
    return JSON.parse(line) as Line;
  });

const turnsOf = (lines: readonly string[]) =>
  parse(lines).flatMap(({ event, address }) => (event ? [{ event, address }] : []));

/** A life with requests that succeed, fail and are malformed, until SIGTERM. */
async function live(env: Environment) {
  const server = startServer({ ...env, NODE_ENV: 'production' });
  await server.ready();
  const { url } = server;
  const person = await register(url);
  const body = { name: 'Printed', visibility: 'public' } as const;
  const { id: spaceId } = await person.call(spaces.createSpace, { body });
  const params = { spaceId };
  await person.call(chat.postMessage, { params, body: { text: 'one\ntwo' } });
  await person.call(search, { query: { q: 'two' } });
  for (const path of ['/api/nowhere', '/api/%zz', '/readyz']) await fetch(`${url}${path}`);
  await openSocket(url, { token: person.token });
  server.kill('SIGTERM');
  expect(await server.ended()).toBe(0);
  return { lines: server.lines, url };
}

describe('what a server prints where no terminal shows it', { timeout: 180_000 }, () => {
  it('is one JSON object a line, from the start to the end', async () => {
    const { lines, url } = await live({ ...(await newInstallation()), LOG_LEVEL: 'debug' });
    for (const line of parse(lines)) {
      expect(line).toMatchObject({
        level: expect.any(Number) as number,
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        msg: expect.any(String) as string,
      });
    }
    expect(lines.filter((line) => line.includes('"msg":"request"')).length).toBeGreaterThan(6);
    expect(turnsOf(lines)).toEqual([
      { event: 'ready', address: url },
      { event: 'stopping', address: undefined },
    ]);
  });

  it('tells at every level that it is ready and that it stops, and nothing else when silent', async () => {
    const server = startServer({ ...(await newInstallation()), LOG_LEVEL: 'silent' });
    await server.ready();
    server.kill('SIGTERM');
    expect(await server.ended()).toBe(0);
    expect(parse(server.lines).map(({ event }) => event)).toEqual(['ready', 'stopping']);
  });

  it('tells in one such line why it did not start', async () => {
    const server = startServer({ ...(await newInstallation()), PORT: '70000' });
    expect(await server.ended()).toBe(1);
    expect(server.lines).toEqual([]);
    const [line, ...more] = parse(server.output.trimEnd().split('\n'));
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 60,
      event: 'failed',
      msg: expect.stringContaining('did not start: PORT must be') as string,
    });
  });
});

describe('at a terminal', () => {
  it('a person reads words, and the address in them', () => {
    let shown = '';
    const terminal = { isTTY: true, write: (text: string) => (shown += text) };
    const address = 'http://127.0.0.1:3000';
    announce(terminal, 'ready', `TeamBrain is ready: ${address}`, { address });
    expect(shown).toBe(`\nTeamBrain is ready: ${address}\n`);
  });
});
