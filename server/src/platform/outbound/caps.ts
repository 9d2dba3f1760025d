import { OutboundError, outboundFailureOf } from './outbound-error.ts';

/** What a call of one use may take. */
export interface Caps {
  /** Milliseconds until the answer's head is there. */
  headMs: number;
  /** Milliseconds between two parts of the answer. */
  idleMs: number;
  /** Milliseconds for the whole answer. */
  totalMs: number;
  /** Bytes of the answer, unpacked. */
  maxBytes: number;
  /** Redirects that are followed. */
  redirects: number;
}

/** A model takes its time, and nobody is led from it to somewhere else. */
export const MODEL_CAPS: Caps = {
  headMs: 20_000,
  idleMs: 20_000,
  totalMs: 65_000,
  maxBytes: 4 * 1_048_576,
  redirects: 0,
};

/** A page or picture that somebody named. */
export const PREVIEW_CAPS: Caps = {
  headMs: 5_000,
  idleMs: 5_000,
  totalMs: 5_000,
  maxBytes: 2 * 1_048_576,
  redirects: 3,
};

/**
 * Runs a call within caps of time and size; the body goes on being held to them while it is read.
 * The call ends at once when `outer` is aborted.
 */
export async function capped(
  caps: Caps,
  outer: AbortSignal | null,
  call: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> {
  outer?.throwIfAborted();
  const own = new AbortController();
  const giveUp = (why: string) => own.abort(new OutboundError('slow', why));
  const total = setTimeout(() => giveUp('The whole answer took too long'), caps.totalMs);
  let idle = setTimeout(() => giveUp('No answer came in time'), caps.headMs);
  const cancel = () => own.abort(outer?.reason);
  outer?.addEventListener('abort', cancel);
  const finish = () => {
    clearTimeout(total);
    clearTimeout(idle);
    outer?.removeEventListener('abort', cancel);
  };
  const restart = () => {
    clearTimeout(idle);
    idle = setTimeout(() => giveUp('The answer fell silent'), caps.idleMs);
  };
  try {
    const answer = await call(own.signal);
    restart();
    const { status, statusText, headers } = answer;
    if (!answer.body) finish();
    const body = answer.body && counted(answer.body, caps.maxBytes, { own, restart, finish });
    return new Response(body, { status, statusText, headers: [...headers] });
  } catch (error) {
    finish();
    throw reasonOf(error, own.signal);
  }
}

interface Hold {
  own: AbortController;
  restart(): void;
  finish(): void;
}

/** A body that fails when it grows too large, and reports its progress. */
function counted(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  { own, restart, finish }: Hold,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let left = maxBytes;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          finish();
          return controller.close();
        }
        restart();
        left -= value.byteLength;
        if (left < 0) throw new OutboundError('too-large', 'The answer is too large');
        controller.enqueue(value);
      } catch (error) {
        finish();
        const reason = reasonOf(error, own.signal);
        own.abort(reason);
        controller.error(reason);
      }
    },
    async cancel(reason) {
      finish();
      own.abort(reason);
      await reader.cancel(reason).catch(() => undefined);
    },
  });
}

/** Why a call really ended: out of time, cancelled by its caller, refused, or no connection. */
function reasonOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (outboundFailureOf(error)) return unwrapped(error);
  return new OutboundError('unreachable', 'No connection', error);
}

function unwrapped(error: unknown): unknown {
  let e = error;
  while (e instanceof Error && !(e instanceof OutboundError)) e = e.cause;
  return e;
}
