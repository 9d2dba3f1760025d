import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { byLabel, SeedError, uniqueLabel, UnreadableError, type Source } from './source.ts';
import { openZip } from './zip.ts';

const ZIP = /\.zip$/i;
const MAX_PARTS = 100;

/** Whether an archive holds nothing but archives, as a large Notion export does. */
export const isPacked = ({ files, save }: Source): boolean =>
  save !== undefined && files.some(({ label }) => ZIP.test(label));

/**
 * The files within the archives of an archive, one level deep, as one source. The inner archives are
 * put into a temporary folder that goes when the source is closed; nothing in them is unpacked there.
 * @throws SeedError for more parts than an export has
 */
export async function openParts(outer: Source): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'teambrain-import-'));
  const parts: Source[] = [];
  const places = new Map<string, { part: Source; label: string }>();
  const left = [...outer.left];
  const close = async () => {
    for (const part of parts) await part.close();
    await outer.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const sizes = new Map<string, number>();
    for (const { label } of outer.files) {
      const part = ZIP.test(label)
        ? await openPart(outer, label, join(folder, `${parts.length}`))
        : null;
      if (typeof part === 'string' || part === null) {
        left.push({ what: label, why: part ?? 'beside the zip files' });
        continue;
      }
      if (parts.push(part) > MAX_PARTS)
        throw new SeedError(`${outer.path} holds too many zip files`);
      left.push(...part.left);
      for (const file of part.files) {
        const unique = uniqueLabel(file.label, (taken) => places.has(taken));
        places.set(unique, { part, label: file.label });
        sizes.set(unique, file.size);
      }
    }
    const files = [...sizes].map(([label, size]) => ({ label, size })).sort(byLabel);
    return {
      path: outer.path,
      name: outer.name,
      files,
      left,
      read(label) {
        const place = places.get(label);
        if (!place) throw new Error(`${label} is no file of ${outer.path}`);
        return place.part.read(place.label);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An inner archive; why not, if it cannot be read. */
async function openPart(outer: Source, label: string, to: string): Promise<Source | string> {
  try {
    await outer.save?.(label, to);
    return await openZip(to);
  } catch (error) {
    if (error instanceof UnreadableError || error instanceof SeedError) return error.message;
    throw error;
  }
}
