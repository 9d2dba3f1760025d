import { once } from 'node:events';
import { createServer } from 'node:http';

const BUSY = JSON.stringify({
  type: 'about:blank',
  code: 'busy',
  title: 'TeamBrain is starting; try again in a moment',
  status: 503,
  retryAfter: 2,
});

/**
 * Answers on the port while the app is still being built (migrations of a large database take their
 * time): alive, not ready, everything else 503. `end` frees the port for the app.
 */
export async function answerWhileStarting(
  port: number,
  host: string,
): Promise<{ end(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    const isAlive = path === '/livez';
    const isProbe = isAlive || path === '/readyz';
    response.writeHead(isAlive ? 200 : 503, {
      'Content-Type': `application/${isProbe ? '' : 'problem+'}json; charset=utf-8`,
      'Cache-Control': 'no-store',
      Connection: 'close',
      ...(isAlive ? {} : { 'Retry-After': '2' }),
    });
    const status = isAlive ? 'ok' : 'unavailable';
    response.end(isProbe ? JSON.stringify({ status }) : BUSY);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 10_000;
  server.listen(port, host);
  await once(server, 'listening'); // or throws EADDRINUSE
  return {
    async end() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
