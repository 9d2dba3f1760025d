import type { Rng } from '../rng.ts';

/** Changes the hints that reach an instance from Redis (X21). */
export interface HintTamper {
  isOn: boolean;
  /** How many hints were dropped, doubled or swapped. */
  count: number;
  /** For one connection. */
  transform(): (chunk: Buffer) => Buffer[];
}

export function createHintTamper(rng: Rng): HintTamper {
  const tamper: HintTamper = {
    isOn: false,
    count: 0,
    transform() {
      let rest: Buffer = Buffer.alloc(0);
      let late: Buffer | null = null;
      return (chunk) => {
        const out: Buffer[] = [];
        rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
        for (let end = frameEnd(rest, 0); end > 0; end = frameEnd(rest, 0)) {
          const frame = rest.subarray(0, end);
          rest = rest.subarray(end);
          const isMeant = tamper.isOn && isHint(frame);
          const luck = isMeant ? rng.next() : 1;
          if (luck < 0.6) tamper.count += 1;
          if (luck < 0.3) continue;
          if (luck >= 0.45 && luck < 0.6 && !late) {
            late = Buffer.from(frame);
            continue;
          }
          out.push(frame);
          if (luck < 0.45) out.push(frame);
          // The one that was held back comes after the one that followed it.
          if (late && (isMeant || !tamper.isOn)) {
            out.push(late);
            late = null;
          }
        }
        return out;
      };
    },
  };
  return tamper;
}

const isHint = (frame: Buffer) => frame.subarray(0, 14).toString('latin1') === '*3\r\n$7\r\nmessag';

/** Where the RESP value that begins at `at` ends; -1 while it is not all there. */
export function frameEnd(data: Buffer, at: number): number {
  const line = data.indexOf('\r\n', at);
  if (line < 0) return -1;
  const kind = String.fromCharCode(data[at] ?? 0);
  const count = Number(data.toString('latin1', at + 1, line));
  const next = line + 2;
  if (kind === '$') {
    if (count < 0) return next;
    return next + count + 2 <= data.length ? next + count + 2 : -1;
  }
  if (kind !== '*' && kind !== '>') return next;
  let end = next;
  for (let n = 0; n < count; n += 1) {
    end = frameEnd(data, end);
    if (end < 0) return -1;
  }
  return end;
}
