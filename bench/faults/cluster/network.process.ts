import { Balancer } from './balancer.ts';
import { createHintTamper } from './hints.ts';
import type { NetworkOptions, Opened, Request } from './network.ts';
import { FaultProxy, type Line } from './proxy.ts';
import { createRng } from '../rng.ts';

/** All lines of a run, in a process of their own: see `openNetwork`. */
const {
  instances,
  links: count,
  database,
  redis,
  seed,
} = JSON.parse(process.argv[2] ?? '') as NetworkOptions;
const tamper = createHintTamper(createRng(seed));
const tell = (message: Opened | number) => process.send?.(message);

const links: FaultProxy[] = [];
const balancer = new Balancer(instances, links);
for (let n = 0; n < count; n += 1) {
  links.push(
    new FaultProxy({
      target: () => balancer.next(),
      onUnreachable: (target) => balancer.markOut(target),
    }),
  );
}
const toDatabase = linesTo('postgresql', database);
const toRedis = linesTo('redis', redis, () => tamper.transform());
const lines = [...links, ...toDatabase, ...toRedis];

process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
  if ('line' in request) {
    const line = lines[request.line] as unknown as Record<string, (...args: unknown[]) => void>;
    line[request.method]?.(...request.args);
  } else if (request.ask === 'balance') {
    balancer.start();
  } else if (request.ask === 'tamper') {
    tamper.isOn = request.isOn;
  } else {
    tell(tamper.count);
  }
});

await Promise.all(lines.map((line) => line.listen()));
const portsOf = (some: readonly Line[]) => some.map((line) => line.port);
tell({
  links: portsOf(links),
  toDatabase: portsOf(toDatabase),
  toRedis: portsOf(toRedis),
});

/** One for each instance, where there is something to connect to. */
function linesTo(
  name: string,
  target: number | null,
  transform?: () => (chunk: Buffer) => Buffer[],
) {
  if (target === null) return [];
  const options = { target: () => ({ name, port: target }), ...(transform ? { transform } : {}) };
  return instances.map(() => new FaultProxy(options));
}
