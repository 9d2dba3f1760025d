import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

const START_MS = 30_000;
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--remote-debugging-port=0',
];

/** A Chromium of the bench's own, with a profile that nothing else uses. */
export interface Browser {
  /** Of its debugging protocol. */
  port: number;
  /** Keeps cookies that an answer set (its `Set-Cookie` lines) for this address. */
  keep(url: string, lines: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Chromium (CHROMIUM_PATH) on an empty profile in `folder`. */
export async function startBrowser(folder: string): Promise<Browser> {
  const program = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const child = spawn(program, [...FLAGS, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said = join(folder, 'DevToolsActivePort');
  for (const until = Date.now() + START_MS; !existsSync(said); await pause(100)) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    if (Date.now() > until) throw new Error(`${program} did not start in time`);
  }
  const [port, path] = readFileSync(said, 'utf8').split('\n');
  return {
    port: Number(port),
    keep: (url, lines) =>
      command(`ws://127.0.0.1:${port}${path}`, 'Storage.setCookies', {
        cookies: lines.map((line) => {
          const [pair = ''] = line.split(';');
          const at = pair.indexOf('=');
          return { url, name: pair.slice(0, at), value: pair.slice(at + 1), httpOnly: true };
        }),
      }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** One command of the debugging protocol. @throws with what the browser says of it */
function command(address: string, method: string, params: object): Promise<void> {
  const socket = new WebSocket(address);
  return new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ id: 1, method, params })));
    socket.once('message', (data: Buffer) => {
      const { error } = JSON.parse(data.toString()) as { error?: { message: string } };
      if (error) reject(new Error(`${method}: ${error.message}`));
      else resolve();
    });
  }).finally(() => socket.close());
}
