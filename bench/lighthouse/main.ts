/**
 * `npm run bench:lighthouse [-- runs]`: what Lighthouse (desktop preset) says of the built app with
 * the sample team: sign-in, Home and a chat, the middle of three runs. The browser is CHROMIUM_PATH;
 * nothing is sent anywhere. Ends with 1 when a figure is below its target. Performance depends on the
 * machine: on a busy one it says less than it should.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from '@teambrain/contract/auth.ts';
import { loadSample } from '@teambrain/contract/sample.ts';
import { listSpaces } from '@teambrain/contract/spaces.ts';
import { createCaller } from '@teambrain/client/call.ts';
import { startTeamBrain } from '../load/server.ts';
import { startBrowser, type Browser } from './browser.ts';

const [runs = 3] = process.argv.slice(2).map(Number);
const TARGETS = { performance: 95, accessibility: 100, 'best-practices': 100 };
type Category = keyof typeof TARGETS;
const CATEGORIES = Object.keys(TARGETS) as Category[];
const LIGHTHOUSE = join(import.meta.dirname, 'tool/node_modules/lighthouse/cli/index.js');
const folder = mkdtempSync(join(tmpdir(), 'teambrain-lighthouse-'));

interface Report {
  categories: Record<Category, { score: number; auditRefs: { id: string; weight: number }[] }>;
  /** How fast Lighthouse finds the machine: 1,500 and more on a desktop that does nothing else. */
  environment: { benchmarkIndex: number };
  audits: Record<string, { title: string; score: number | null; displayValue?: string }>;
}

/** Opens the page as Lighthouse does: with an empty cache, the cookies stay. */
function judge(browser: Browser, url: string): Report {
  const output = join(folder, 'report.json');
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      LIGHTHOUSE,
      url,
      `--port=${browser.port}`,
      '--preset=desktop',
      `--only-categories=${CATEGORIES.join(',')}`,
      '--no-enable-error-reporting',
      '--output=json',
      `--output-path=${output}`,
      '--quiet',
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`Lighthouse ended with ${status}: ${stderr}`);
  return JSON.parse(readFileSync(output, 'utf8')) as Report;
}

const middle = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** What costs a category points, the costliest first. */
function faults({ categories, audits }: Report): string[] {
  return CATEGORIES.flatMap((category) =>
    categories[category].auditRefs
      .map(({ id, weight }) => ({ audit: audits[id], weight }))
      .filter(({ audit, weight }) => weight > 0 && audit?.score != null && audit.score < 0.9)
      .sort((a, b) => b.weight - a.weight)
      .map(({ audit }) => `  ${category}: ${audit?.title} ${audit?.displayValue ?? ''}`),
  );
}

/** Prints the figures of one screen. @returns whether they reach their targets */
function look(browser: Browser, screen: string, url: string): boolean {
  const reports = Array.from({ length: runs }, () => judge(browser, url));
  const figures = CATEGORIES.map((category) => {
    const all = reports.map(({ categories }) => Math.round(categories[category].score * 100));
    return { category, all, figure: middle(all), target: TARGETS[category] };
  });
  const words = figures.map(
    ({ category, figure, all }) => `${category} ${figure} (${all.join(' ')})`,
  );
  const [last] = reports;
  const measured = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time'];
  const times = measured.map((id) => `${id} ${last?.audits[id]?.displayValue ?? ''}`);
  const speed = middle(reports.map(({ environment }) => Math.round(environment.benchmarkIndex)));
  console.log(`${screen}: ${words.join(', ')}; ${times.join(', ')}; machine ${speed}`);
  if (last) for (const fault of faults(last)) console.log(fault);
  return figures.every(({ figure, target }) => figure >= target);
}

/** Creates the administrator and loads the sample team. @returns the id of General and the cookies */
async function prepare(url: string) {
  const cookies: string[] = [];
  const account = { email: 'ada@example.org', name: 'Ada', password: 'Lighthouses are bright' };
  const keeping: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    cookies.push(...response.headers.getSetCookie());
    return response;
  };
  const anyone = createCaller({ baseUrl: url, fetch: keeping });
  const { accessToken } = await anyone(register, { body: account });
  const call = createCaller({ baseUrl: url, accessToken: () => accessToken });
  for (let state = ''; state !== 'loaded';) ({ state } = await call(loadSample, {}));
  const { items } = await call(listSpaces, { query: { limit: 100 } });
  const general = items.find(({ name }) => name === 'General');
  if (!general) throw new Error('The sample team has no General');
  return { general: general.id, cookies };
}

const data = join(folder, 'data');
const profile = join(folder, 'profile');
for (const path of [data, profile]) mkdirSync(path);
const run = { seconds: 0, rounds: 0, folder: data, profile: undefined };
const served = await startTeamBrain(run, {});
const browser = await startBrowser(profile);
let isGood = true;
try {
  const url = `http://127.0.0.1:${served.port}`;
  const { general, cookies } = await prepare(url);
  isGood = look(browser, 'sign-in', `${url}/sign-in`) && isGood;
  await browser.keep(url, cookies);
  isGood = look(browser, 'Home', `${url}/`) && isGood;
  isGood = look(browser, 'chat', `${url}/s/${general}`) && isGood;
} finally {
  await browser.stop();
  await served.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(isGood ? 0 : 1);
