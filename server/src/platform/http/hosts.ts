import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../core/problem.ts';
import { sendProblem } from './problem-response.ts';

/** Asked by balancers and scrapers inside under whatever name they know; they show no content. */
const PROBES = new Set(['/livez', '/readyz', '/metrics']);

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Whether this instance serves the name in a request's Host header. */
export type HostGate = (request: Asked) => boolean;

interface HostOptions {
  /** The address people use; null where none is set. */
  baseUrl: string | null;
  /** The address listened on, which may be a name. */
  host: string;
  /** Whether a trusted proxy handed the request over. */
  isProxied(request: Asked): boolean;
}

/**
 * Serves addresses, localhost, the machine's own name and that of BASE_URL. Any other name could be
 * an attacker's that was made to lead here (DNS rebinding): the browser would then let the pages of
 * that site read our answers.
 */
export function createHostGate({ baseUrl, host, isProxied }: HostOptions): HostGate {
  const own = new Set([...namesOf(hostname()), ...namesOf(host)]);
  const base = baseUrl === null ? null : nameIn(new URL(baseUrl).host);
  if (base) own.add(base);
  const isServed = (name: string) =>
    own.has(name) || isIPv4(name) || isIPv6(name) || /(?:^|\.)localhost$/.test(name);
  let last: string | undefined;
  return (request) => {
    const header = request.headers.host;
    if (header !== undefined && header === last) return true;
    const name = nameIn(header ?? '');
    if (name !== null && isServed(name)) {
      last = header;
      return true;
    }
    // A proxy that does not pass Host on names us as its settings do ("app-1"): a name without a
    // dot, which no site outside can have.
    return base !== null && name !== null && /^[\w-]+$/.test(name) && isProxied(request);
  };
}

/** A machine's names: as it says, without its domain, and as mDNS knows it. */
function namesOf(machine: string): string[] {
  const name = isIPv4(machine) ? null : nameIn(machine);
  const [label] = name?.split('.') ?? [];
  return name && label ? [name, label, `${label}.local`] : [];
}

/** `Brain.example.org.:3000` → brain.example.org, `[::1]:3000` → ::1; null when it is no host. */
function nameIn(host: string): string | null {
  const [, six, name] = /^(?:\[([\da-f:.]+)\]|([^\s:/?#@[\]]+))(?::\d{0,5})?$/i.exec(host) ?? [];
  return (six ?? name?.replace(/\.$/, ''))?.toLowerCase() || null;
}

/** Refuses requests for other names before anything else looks at them; probes are let through. */
export function guardHost(app: FastifyInstance, isServed: HostGate): void {
  app.addHook('onRequest', (request, reply, next) => {
    if (isServed(request.raw) || PROBES.has(request.url.split('?')[0] ?? '')) next();
    else refuse(request, reply);
  });
}

function refuse(request: FastifyRequest, reply: FastifyReply): void {
  const error = problem('unknown-host');
  if (!request.headers.accept?.includes('text/html')) {
    sendProblem(request, reply, error);
    return;
  }
  reply
    .status(error.status)
    .type('text/html; charset=utf-8')
    .header('Cache-Control', 'no-store')
    .send(pageFor(request.headers.host ?? ''));
}

/** What a person sees who typed another name, or runs this behind a proxy that is not set up yet. */
function pageFor(host: string): string {
  const name = escapeHtml(host.slice(0, 300));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>TeamBrain: address not set up</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}code{overflow-wrap:anywhere}</style>
</head>
<body>
<main>
<h1>This address is not set up</h1>
<p>TeamBrain does not answer at <code>${name}</code>, because nobody told it that this name is its own. This protects your team from other websites that pretend to be it.</p>
<p>If you run this TeamBrain, set <code>BASE_URL</code> to the address that people use and start it again, for example:</p>
<p><code>BASE_URL=http://${name}</code></p>
<p>With a proxy in front that serves HTTPS, write <code>https://</code>, and let the proxy pass on the <code>Host</code> header.</p>
</main>
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
