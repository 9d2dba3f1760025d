import type { Endpoint } from '@teambrain/contract/endpoint.ts';
import { asProblem, ProblemError, ResponseError } from './errors.ts';

/** An event as it came. */
export interface StreamEvent {
  name: string;
  data: unknown;
}

/** More characters of one event are no answer of TeamBrain. */
const MAX_EVENT = 4_000_000;

/**
 * Reads server-sent events to their end: gives each to `onEvent`, and answers what `done` carries.
 * @throws ProblemError where the stream ends with a problem, ResponseError where it ends with neither
 */
export async function readEvents(
  endpoint: Endpoint,
  response: Response,
  onEvent: (event: StreamEvent) => void,
): Promise<unknown> {
  for await (const { name, data } of eventsIn(response)) {
    if (name === 'done') return data;
    if (name === 'problem') {
      const problem = asProblem(data, Number((data as { status?: unknown }).status));
      if (problem) throw new ProblemError(problem);
    }
    onEvent({ name, data });
  }
  const what = `${endpoint.method} ${endpoint.path} ended its stream without an answer`;
  throw new ResponseError(what, response.status);
}

async function* eventsIn({ body }: Response): AsyncGenerator<StreamEvent> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffered += value;
      for (let end = buffered.indexOf('\n\n'); end >= 0; end = buffered.indexOf('\n\n')) {
        const event = eventIn(buffered.slice(0, end));
        buffered = buffered.slice(end + 2);
        if (event) yield event;
      }
      if (buffered.length > MAX_EVENT) return;
    }
  } finally {
    // Stops the stream where its reader has had enough.
    await reader.cancel().catch(() => undefined);
  }
}

/** `event: name` and `data: …` in lines of one event; null for a comment. */
function eventIn(block: string): StreamEvent | null {
  const valuesOf = (field: string) =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).trimStart());
  const [name] = valuesOf('event');
  const data = valuesOf('data').join('\n');
  return name === undefined || data === '' ? null : { name, data: JSON.parse(data) as unknown };
}
