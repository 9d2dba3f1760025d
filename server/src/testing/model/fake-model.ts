import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake does with its next requests. */
export interface Behaviour {
  /** Text pieces of the answer, or what makes them of a prompt. */
  say?: string | string[] | ((prompt: Prompt) => string | string[]);
  /** Milliseconds before the first piece, and between two. */
  firstMs?: number;
  pauseMs?: number;
  /** Answers with a status and a body in place of a stream. */
  status?: number;
  /** `hang` says nothing at all; `silent` says the pieces and nothing more; `cut` breaks off after them;
   * `endless` repeats them; `alive` keeps the connection busy without a word. */
  then?: 'end' | 'hang' | 'silent' | 'cut' | 'endless' | 'alive';
}

/** A request as it came. */
export interface Prompt {
  protocol: 'openai' | 'anthropic';
  system: string;
  message: string;
  headers: IncomingMessage['headers'];
  /** The whole body, as it was sent. */
  body: string;
}

export type FakeModel = Awaited<ReturnType<typeof startFakeModel>>;

/**
 * A real HTTP server on loopback that speaks OpenAI's and Anthropic's streaming protocols, records
 * what it was asked, and answers as it is told, hostile or not.
 */
export async function startFakeModel() {
  const prompts: Prompt[] = [];
  let behaviour: Behaviour = {};
  const counts = { open: 0, closed: 0, written: 0 };
  const server = createServer((request, response) => {
    counts.open += 1;
    response.on('close', () => (counts.closed += 1));
    void readPrompt(request).then(async (prompt) => {
      prompts.push(prompt);
      await answer(prompt, response, behaviour, () => (counts.written += 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    prompts,
    counts,
    /** The base URL for either protocol. */
    url: `http://127.0.0.1:${port}/v1`,
    /** How it behaves from now on. */
    behave: (next: Behaviour) => void (behaviour = next),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Body {
  system?: string | { text: string }[];
  messages: { role: string; content: string | { text?: string }[] }[];
}

async function readPrompt(request: IncomingMessage): Promise<Prompt> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { system, messages } = JSON.parse(body) as Body;
  const isAnthropic = request.url?.endsWith('/messages') ?? false;
  const saidBy = (role: string) =>
    messages.filter((one) => one.role === role).map(({ content }) => textOf(content));
  const systemText = isAnthropic ? textOf(system ?? '') : saidBy('system').join('\n');
  return {
    protocol: isAnthropic ? 'anthropic' : 'openai',
    system: systemText,
    message: saidBy('user').join('\n'),
    headers: request.headers,
    body,
  };
}

const textOf = (content: string | { text?: string }[]): string =>
  typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('');

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function answer(
  prompt: Prompt,
  response: ServerResponse,
  { say = quoteFirst, firstMs = 0, pauseMs = 0, status, then = 'end' }: Behaviour,
  onWrite: () => void,
): Promise<void> {
  if (status !== undefined) {
    const error = { message: `no: ${prompt.body.slice(0, 500)}`, type: 'x', code: 'y' };
    const headers = { 'content-type': 'application/json' };
    return void response.writeHead(status, headers).end(JSON.stringify({ error }));
  }
  if (then === 'hang') return;
  await wait(firstMs);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const wire = prompt.protocol === 'anthropic' ? anthropic : openAi;
  const write = (events: string) => {
    onWrite();
    return response.write(events);
  };
  write(wire.begin);
  if (then === 'alive') return void keepAlive(response);
  const said = typeof say === 'function' ? say(prompt) : say;
  const pieces = typeof said === 'string' ? [said] : said;
  do {
    for (const piece of pieces) {
      if (response.destroyed) return;
      write(wire.text(piece));
      await wait(pauseMs);
    }
  } while (then === 'endless' && !response.destroyed);
  if (then === 'cut') return void response.destroy();
  if (then === 'end') response.end(wire.end(pieces.join('').length));
}

function keepAlive(response: ServerResponse): void {
  const timer = setInterval(() => response.write(': still here\n\n'), 50);
  response.on('close', () => clearInterval(timer));
}

const event = (data: unknown, name?: string) =>
  `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(data)}\n\n`;

const openAi = {
  begin: event({ id: '1', created: 1, model: 'fake', choices: [{ delta: { role: 'assistant' } }] }),
  text: (content: string) =>
    event({ id: '1', created: 1, model: 'fake', choices: [{ index: 0, delta: { content } }] }),
  end: (length: number) =>
    `${event({ id: '1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}${event({
      id: '1',
      choices: [],
      usage: { prompt_tokens: 100, completion_tokens: Math.ceil(length / 4), total_tokens: 1 },
    })}data: [DONE]\n\n`,
};

const anthropic = {
  begin:
    event(
      {
        type: 'message_start',
        message: {
          ...{ id: '1', type: 'message', role: 'assistant', model: 'fake', content: [] },
          ...{ stop_reason: null, stop_sequence: null },
          usage: { input_tokens: 100, output_tokens: 1 },
        },
      },
      'message_start',
    ) +
    event(
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      'content_block_start',
    ),
  text: (text: string) =>
    event(
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
      'content_block_delta',
    ),
  end: (length: number) =>
    event({ type: 'content_block_stop', index: 0 }, 'content_block_stop') +
    event(
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: Math.ceil(length / 4) },
      },
      'message_delta',
    ) +
    event({ type: 'message_stop' }, 'message_stop'),
};

/** The passages of a prompt by number, without the lines about them. */
export function passagesOf({ message }: Pick<Prompt, 'message'>): Map<number, string> {
  const found = new Map<number, string>();
  const pattern = /^BEGIN (\w+) passage (\d+)\n([\s\S]*?)\nEND \1$/gm;
  for (const [, , number = '', inside = ''] of message.matchAll(pattern)) {
    found.set(Number(number), inside.slice(inside.indexOf('\n\n') + 2));
  }
  return found;
}

/** An honest answer: the first sentence of the first passage, word for word. */
function quoteFirst(prompt: Prompt): string {
  const [first] = passagesOf(prompt);
  if (!first) return '{"none":true}\n';
  const [number, text] = first;
  const [sentence = text] = text.match(/[^.!?\n]+[.!?]?/) ?? [];
  return `${cite(sentence.trim(), [number, sentence.trim()])}\n`;
}

/** A line of an answer: a sentence with its quotes. */
export const cite = (sentence: string, ...quotes: [passage: number, quote: string][]): string =>
  JSON.stringify({ sentence, quotes: quotes.map(([passage, quote]) => ({ passage, quote })) });
