import { byLabel, type Source } from '../source/source.ts';

/** A source of these files, in memory; objects are written as JSON. */
export function sourceOf(files: Record<string, unknown>): Source {
  const bytes = new Map(
    Object.entries(files).map(([label, content]) => [label, bytesOf(content)] as const),
  );
  return {
    path: '/sources/team',
    name: 'team',
    files: [...bytes].map(([label, { length: size }]) => ({ label, size })).sort(byLabel),
    left: [],
    read(label) {
      const found = bytes.get(label);
      return found ? Promise.resolve(found) : Promise.reject(new Error(`no file ${label}`));
    },
    close: () => Promise.resolve(),
  };
}

function bytesOf(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}
