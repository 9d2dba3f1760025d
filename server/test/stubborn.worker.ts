import { serveReader, type Read } from '../src/platform/reader/serve.ts';
import { CARE } from '../src/platform/text/care.ts';

/** Texts that stand for what a parser may do with one, until they are read with this much care. */
const faults: Record<string, () => void> = {
  loop: () => {
    for (;;) Math.random();
  },
  memory: () => {
    const kept = new Map<number, object>();
    for (let n = 0; ; n++) kept.set(n, { n });
  },
  crash: () => process.abort(),
  throw: () => {
    throw new TypeError('CNRY-words of a text');
  },
};

// Gives each text with the care it was read with; "loop 2" loops until it is read with care 2.
serveReader({
  read: (texts: readonly string[], read: Read) =>
    texts.map((text, n) =>
      read(n, text.length, (care) => {
        const [name = '', until = CARE.plain] = text.split(' ');
        if (care < Number(until)) faults[name]?.();
        return `${text}: ${care}`;
      }),
    ),
  think: (texts: readonly string[], read: Read) => {
    const cares = texts.map((text, n) => read(n, text.length, (care) => care));
    read.rest();
    if (cares.some((care) => care < CARE.lines)) faults['loop']?.();
    return cares;
  },
});
