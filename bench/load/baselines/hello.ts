// The least a request can cost in the framework TeamBrain uses.
import Fastify from 'fastify';

const app = Fastify();
app.get('/', () => Promise.resolve({ hello: 'world' }));
// As many bytes as the answer it is held against.
const bytes = Buffer.alloc(Number(process.env['PAGE_BYTES'] ?? 0), 'x');
app.get('/page', (_request, reply) => reply.type('application/json').send(bytes));
const address = await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`ready: ${address}\n`);
process.on('SIGTERM', () => process.exit(0));
