// A store that speaks as S3 does, on this machine: `node --openssl-legacy-provider … <folder>`.
// In a process of its own, because its marks between pages of a list are made with DES.
// @ts-expect-error it has no types
import S3rver from '@20minutes/s3rver';

interface Store {
  middleware: unknown[];
  run(): Promise<{ port: number }>;
}
interface Context {
  path: string;
  app: object;
}

const folder = process.argv[2] ?? '';
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: folder,
}) as Store;

// It signs `/bucket/` as `/bucket`, which no other store does: lists come unchecked, all else is checked.
server.middleware.unshift((context: Context, next: () => Promise<void>) => {
  if (/^\/[^/]+\/$/.test(context.path)) {
    context.app = new Proxy(context.app, {
      get: (app, name) => name === 'allowMismatchedSignatures' || Reflect.get(app, name),
    });
  }
  return next();
});

const { port } = await server.run();
process.stdout.write(`http://127.0.0.1:${port}\n`);
