import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { version } from '../core/version.ts';

interface Greeted {
  /** The address to use. */
  address: string;
  /** The address listened on. */
  host: string;
  /** Folder of the embedded database; null with a server. */
  dataDir: string | null;
  /** Whether nobody has an account yet. */
  isEmpty: boolean;
}

/** Addresses shown of a machine that has many. */
const MAX_SHOWN = 3;

/** What someone at a terminal reads once TeamBrain runs. */
export function greeting({ address, host, dataDir, isEmpty }: Greeted): string {
  const rows = [
    ['Open', address],
    ...networkAddresses(address, host).map((url) => ['Network', url]),
    ['Data', dataDir === null ? 'PostgreSQL (DATABASE_URL)' : resolve(dataDir)],
    ['Stop', 'Ctrl+C'],
  ];
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(10)}${value}`);
  const hint = isEmpty ? ['', '  The first account becomes the administrator: create it now.'] : [];
  return ['', `  TeamBrain ${version} is ready`, '', ...lines, ...hint, ''].join('\n');
}

/** Where others in the network reach it, when it listens on all addresses. */
function networkAddresses(address: string, host: string): string[] {
  if (host !== '0.0.0.0' && host !== '::') return [];
  const { port, hostname } = new URL(address);
  if (hostname !== 'localhost') return []; // BASE_URL says it
  return Object.values(networkInterfaces())
    .flatMap((own) => own ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .slice(0, MAX_SHOWN)
    .map((own) => `http://${own.address}:${port || '80'}`);
}
