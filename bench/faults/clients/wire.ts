import { WebSocket } from 'ws';
import type { ServerFrame } from '@teambrain/contract/socket.ts';
import type { Recorder } from './recorder.ts';

/** A socket for the SDK that writes down every event on the wire, before the SDK has looked at it. */
export function recordedSocket(
  client: { index: number; userId: string },
  recorder: Recorder,
): new (url: string) => WebSocket {
  const hear = (data: unknown) => {
    const { isPull, arrived } = heard(String(data));
    if (isPull) recorder.counts.pulls += 1;
    const { index, userId: user } = client;
    for (const arrival of arrived) {
      recorder.arrived({ client: index, user, ...arrival });
    }
  };
  return class extends WebSocket {
    constructor(url: string) {
      super(url);
      this.on('message', hear);
    }
  };
}

interface Heard {
  isPull: boolean;
  arrived: { space: string; seq: number }[];
}

/** The frames looked at last: each event goes to a hundred clients in the same words. */
const looked = new Map<string, Heard>();
const LOOKED = 256;

function heard(text: string): Heard {
  const known = looked.get(text);
  if (known) return known;
  const frame = JSON.parse(text) as ServerFrame;
  const found = { isPull: frame.frame === 'events', arrived: arrivedIn(frame, text) };
  if (looked.size >= LOOKED) looked.clear();
  looked.set(text, found);
  return found;
}

/** Every event of a frame, and whatever other space's canary it carries. */
function arrivedIn(frame: ServerFrame, text: string): { space: string; seq: number }[] {
  const events =
    frame.frame === 'event' ? [frame.event] : frame.frame === 'events' ? frame.events : [];
  const arrived = events.map(({ space, seq }) => ({ space, seq }));
  const own = new Set(arrived.map(({ space }) => space));
  for (const [, space = ''] of text.matchAll(/CNRY-([0-9a-f-]{36})/g)) {
    if (!own.has(space)) arrived.push({ space, seq: -1 });
  }
  return arrived;
}
