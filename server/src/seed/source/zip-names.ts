import { crc32 } from 'node:zlib';
import type { Entry } from 'yauzl';
import { decodeText } from './decode.ts';
import { tryDecode } from './decode-strict.ts';

const IS_UTF8 = 0x800;
const UNICODE_PATH = 0x7075;
/** The upper half of code page 437, in which the format says that unmarked names are. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧' +
  '╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

/**
 * The names of a zip file's entries, in NFC and with `/`. Only what is marked as UTF-8 is surely
 * so; in practice most unmarked names are UTF-8 as well, some are in the code page of the computer
 * that packed them. As all were packed by one, they are looked at together.
 */
export function namesOf(entries: readonly Entry[]): string[] {
  const unknown = entries.filter((entry) => markedName(entry) === null);
  const sample = Buffer.concat(unknown.flatMap(({ fileNameRaw }) => [fileNameRaw, NEW_LINE]));
  const guessed = decodeText(sample)?.encoding;
  return entries.map((entry) => {
    const name =
      markedName(entry) ?? (guessed ? tryDecode(entry.fileNameRaw, guessed) : null) ?? cp437(entry);
    return labelOf(name);
  });
}

/** A name below the archive's top, whatever it says: drives, roots and steps upwards are taken off. */
function labelOf(name: string): string {
  const parts = name.replaceAll('\\', '/').replaceAll('\0', '').normalize('NFC').split('/');
  const isFolder = parts.at(-1) === '';
  const below = parts.filter((part) => !/^(?:|\.{1,2}|[A-Za-z]:)$/.test(part)).join('/');
  return isFolder ? `${below}/` : below;
}

const NEW_LINE = Buffer.from('\n');

/** The name if the entry says in which encoding it is, or if there is only one way to read it. */
function markedName(entry: Entry): string | null {
  const { fileNameRaw: raw, extraFields, generalPurposeBitFlag } = entry;
  const path = extraFields.find(({ id }) => id === UNICODE_PATH)?.data;
  if (path && path.length > 5 && path[0] === 1 && path.readUInt32LE(1) === crc32(raw)) {
    return utf8(path.subarray(5));
  }
  if (raw.every((byte) => byte < 128)) return raw.toString('latin1');
  return generalPurposeBitFlag & IS_UTF8 ? utf8(raw) : null;
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // marked, but it is none
  }
}

const cp437 = ({ fileNameRaw }: Entry): string =>
  [...fileNameRaw]
    .map((byte) => (byte < 128 ? String.fromCharCode(byte) : (CP437[byte - 128] ?? '')))
    .join('');
