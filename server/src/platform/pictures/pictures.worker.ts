import { setPriority } from 'node:os';
import { writeFile } from 'node:fs/promises';
import sharp, { type FormatEnum } from 'sharp';
import { MAX_PIXELS, type Pictured, type PictureReply, type PictureRequest } from './protocol.ts';

// A child process: libvips is native code that reads what strangers made.
if (!process.send) throw new Error('pictures.worker runs as a child process only');

/** Longest side of a small picture: twice what a page shows. */
const SMALL = 720;
const DECODE_SECONDS = 8;
const BACKGROUND = 10;

sharp.cache(false);
sharp.concurrency(1);
setPriority(BACKGROUND);

process.on('message', (request: PictureRequest) => void answer(request));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

async function answer({ id, path, target }: PictureRequest): Promise<void> {
  try {
    reply({ id, ...(await shrink(path, target)) });
  } catch (error) {
    reply({ id, failure: error instanceof Error ? error.message : String(error) });
  }
}

const LIMITS = { limitInputPixels: MAX_PIXELS, failOn: 'error' } as const;
/** Of a picture that is written again; the eye sees no difference. */
const QUALITY = 92;

/** The first frame upright; and the picture itself without what a camera noted of place and person. */
async function shrink(path: string, target: string): Promise<Pictured> {
  const picture = sharp(path, { ...LIMITS, pages: 1 });
  const {
    autoOrient: { width, height },
    format,
    pages = 1,
    ...notes
  } = await picture.metadata();
  // Decoded whole: a picture that is cut off, or bigger than it says, fails here.
  const small = await picture
    .autoOrient()
    .resize({ width: SMALL, height: SMALL, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .timeout({ seconds: DECODE_SECONDS })
    .toBuffer();
  await writeFile(target, small, { mode: 0o600 });
  const isRewritten = Boolean(notes.exif ?? notes.xmp ?? notes.iptc);
  if (isRewritten) await withoutNotes(path, format, pages > 1);
  return { width, height, isRewritten };
}

/** Writes the picture again, upright and in its own format, with its colours and nothing else. */
async function withoutNotes(path: string, format: keyof FormatEnum, isAnimated: boolean) {
  const whole = sharp(path, { ...LIMITS, animated: isAnimated });
  const clean = await (isAnimated ? whole : whole.autoOrient())
    .keepIccProfile()
    .toFormat(format, format === 'png' || format === 'gif' ? {} : { quality: QUALITY })
    .timeout({ seconds: DECODE_SECONDS })
    .toBuffer();
  await writeFile(path, clean);
}

function reply(message: PictureReply): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
