import { getMe, login, logout } from '@teambrain/contract/auth.ts';
import type { Message } from '@teambrain/contract/chat.ts';
import { deleteMessage, editMessage, listMessages, postMessage } from '@teambrain/contract/chat.ts';
import type { updateEntry } from '@teambrain/contract/knowledge.ts';
import { listEvents } from '@teambrain/contract/log.ts';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { ConnectionError, createCaller, isTransient, ProblemError, ResponseError } from './call.ts';
import type { Call, InputOf } from './call.ts';
import { sendJson, sendProblem, startHttpServer, type TestServer } from './testing/http-server.ts';

type Answer = Parameters<typeof startHttpServer>[0];
const spaceId = '0190a0b0-0000-7000-8000-000000000001';
const messageId = '0190a0b0-0000-7000-8000-000000000002';

let server: TestServer;
let answer: Answer;
let call: Call;

beforeEach(async () => {
  server = await startHttpServer((asked, response) => answer(asked, response));
  call = createCaller({ baseUrl: `${server.url}/`, accessToken: () => 'token-1' });
});
afterEach(() => server.close());

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('should have failed'),
    (error: unknown) => error,
  );

describe('what is sent', () => {
  beforeEach(() => {
    answer = (_, response) => sendJson(response, 200, { id: 'x' });
  });

  it('has path, query, body, version and token in their places', async () => {
    await call(listMessages, {
      params: { spaceId },
      query: { before: '7', limit: 50, around: undefined },
    });
    await call(editMessage, { params: { spaceId, messageId }, body: { text: 'hé' }, version: 3 });
    expect(server.asked).toMatchObject([
      { method: 'GET', url: `/api/spaces/${spaceId}/messages?before=7&limit=50`, body: undefined },
      {
        method: 'PATCH',
        url: `/api/spaces/${spaceId}/messages/${messageId}`,
        body: { text: 'hé' },
        headers: { 'if-match': '"3"', authorization: 'Bearer token-1' },
      },
    ]);
    expect(server.asked[0]?.headers['content-type']).toBeUndefined();
  });

  it('carries no token to public endpoints, and JSON where the cookie counts', async () => {
    await call(login, { body: { email: 'a@b.c', password: 'x' } });
    await call(logout, {});
    expect(server.asked[0]?.headers.authorization).toBeUndefined();
    expect(server.asked[1]?.headers['content-type']).toBe('application/json');
    expect(server.asked[1]?.body).toEqual({});
  });

  it('does not climb out of its path', async () => {
    for (const bad of ['..', '.', '']) {
      const error = await failure(call(listMessages, { params: { spaceId: bad } }));
      expect(error).toBeInstanceOf(TypeError);
    }
    await call(listMessages, { params: { spaceId: '../me?x#' } });
    expect(server.asked.map(({ url }) => url)).toEqual(['/api/spaces/..%2Fme%3Fx%23/messages']);
  });
});

describe('what comes back', () => {
  it('is the answer, or nothing where there is none', async () => {
    answer = ({ method }, response) => {
      if (method === 'DELETE') response.writeHead(204).end();
      else sendJson(response, 201, { id: messageId, text: 'hi' });
    };
    const posted = await call(postMessage, { params: { spaceId }, body: { text: 'hi' } });
    expect(posted).toEqual({ id: messageId, text: 'hi' });
    expect(await call(deleteMessage, { params: { spaceId, messageId } })).toBeUndefined();
  });

  it('is the problem with all it carries', async () => {
    const current = { version: 4 };
    answer = (_, response) => sendProblem(response, 'stale-version', { current, detail: 'Newer' });
    const error = await failure(
      call(editMessage, { params: { spaceId, messageId }, body: { text: 'x' } }),
    );
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status: 412, message: 'Newer', problem: { current } });
    expect(isTransient(error)).toBe(false);
  });

  it('takes the wait from Retry-After when the problem does not name it', async () => {
    answer = (_, response) => {
      response.setHeader('retry-after', '7');
      sendProblem(response, 'too-many-requests');
    };
    const error = await failure(call(getMe, {}));
    expect(error).toMatchObject({ problem: { code: 'too-many-requests', retryAfter: 7 } });
    expect(isTransient(error)).toBe(true);
  });

  it.each([
    [502, 'text/html', '<h1>Bad gateway</h1>', true],
    [200, 'text/html', '<h1>Sign in to the Wi-Fi</h1>', false],
    [200, 'application/json', '{"id":', false],
    [404, 'application/json', '{"message":"no such route"}', false],
  ])('says so when it is not TeamBrain’s: %s %s %s', async (status, type, body, transient) => {
    answer = (_, response) => void response.writeHead(status, { 'content-type': type }).end(body);
    const error = await failure(call(getMe, {}));
    expect(error).toBeInstanceOf(ResponseError);
    expect((error as Error).message).toContain(`GET /api/me answered ${status} (${type})`);
    expect(isTransient(error)).toBe(transient);
  });

  it('is a ConnectionError when nobody answers, in time, or to the end', async () => {
    answer = (asked, response) => {
      if (!asked.url.endsWith('/events')) return;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' });
      response.write('{"items":');
      setTimeout(() => response.destroy(), 20);
    };
    const late = await failure(call(getMe, {}, { timeout: 50 }));
    expect(late).toMatchObject({ name: 'ConnectionError', message: /in time/ });
    expect(await failure(call(listEvents, { params: { spaceId } }))).toBeInstanceOf(
      ConnectionError,
    );
    await server.close();
    expect(await failure(call(getMe, {}))).toBeInstanceOf(ConnectionError);
  });

  it('is the caller’s own reason after an abort', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    const pending = failure(call(getMe, {}, { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('left the page')), 20);
    expect(await pending).toMatchObject({ message: 'left the page' });
  });
});

describe('a 401', () => {
  let token = 'old';
  let refreshes = 0;
  const make = (works: boolean) =>
    createCaller({
      baseUrl: server.url,
      accessToken: () => token,
      refresh: () => {
        refreshes += 1;
        if (works) token = 'new';
        return Promise.resolve(works);
      },
    });

  beforeEach(() => {
    [token, refreshes] = ['old', 0];
    answer = ({ headers, url }, response) => {
      if (url === '/api/auth/login') sendProblem(response, 'wrong-credentials');
      else if (headers.authorization === 'Bearer new') sendJson(response, 200, { id: 'me' });
      else sendProblem(response, 'not-signed-in');
    };
  });

  it('is answered with one refresh and one retry', async () => {
    expect(await make(true)(getMe, {})).toEqual({ id: 'me' });
    expect([refreshes, server.asked.length]).toEqual([1, 2]);
  });

  it('stands when there is nothing to refresh, or the retry fails too', async () => {
    expect(await failure(make(false)(getMe, {}))).toMatchObject({ status: 401 });
    answer = (_, response) => sendProblem(response, 'session-ended');
    expect(await failure(make(true)(getMe, {}))).toMatchObject({ status: 401 });
    expect([refreshes, server.asked.length]).toEqual([2, 3]);
  });

  it('of a log-in is no reason to refresh', async () => {
    const error = await failure(make(true)(login, { body: { email: 'a@b.c', password: 'x' } }));
    expect(error).toMatchObject({ problem: { code: 'wrong-credentials' } });
    expect(refreshes).toBe(0);
  });

  it('does not refresh again when another call has done so meanwhile', async () => {
    answer = ({ headers }, response) => {
      if (headers.authorization === 'Bearer new') sendJson(response, 200, { id: 'me' });
      else {
        token = 'new';
        sendProblem(response, 'not-signed-in');
      }
    };
    expect(await make(true)(getMe, {})).toEqual({ id: 'me' });
    expect(refreshes).toBe(0);
  });
});

it('asks for exactly what an endpoint takes', () => {
  type Keys<E> = {
    [K in keyof InputOf<E>]-?: InputOf<E>[K] extends undefined ? never : K;
  }[keyof InputOf<E>];
  expectTypeOf<Keys<typeof getMe>>().toBeNever();
  expectTypeOf<Keys<typeof postMessage>>().toEqualTypeOf<'params' | 'body'>();
  expectTypeOf<InputOf<typeof listMessages>>().toExtend<{ params: { spaceId: string } }>();
  expectTypeOf<{ params: { spaceId: string } }>().toExtend<InputOf<typeof listMessages>>();
  expectTypeOf<{
    params: { spaceId: string; entryId: string };
    body: { title: string };
  }>().not.toExtend<InputOf<typeof updateEntry>>();
  expectTypeOf<{
    params: { spaceId: string; entryId: string };
    body: { title: string };
    version: number;
  }>().toExtend<InputOf<typeof updateEntry>>();
  expectTypeOf<{ body: { text: string } }>().not.toExtend<InputOf<typeof postMessage>>();
  const post = () => call(postMessage, { params: { spaceId }, body: { text: 'x' } });
  expectTypeOf(post).returns.resolves.toEqualTypeOf<Message>();
});
