import { describe, expect, it } from 'vitest';
import { decodeText } from './decode.ts';

const hex = (bytes: string) => Buffer.from(bytes.replaceAll(' ', ''), 'hex');

describe('decodeText', () => {
  it.each([
    ['utf-16le', 'fffe 2300 2000 4100', '# A'],
    ['utf-16be', 'feff 0023 0020 0041', '# A'],
    ['utf-16le', '2300 2000 5300 6900 0a00 d182 fc82 0a00', '# Si\n苑苼\n'],
    ['utf-16be', '0023 0020 0053 0069 0078 000a', '# Six\n'],
    ['utf-32le', 'fffe0000 41000000 09f60100', 'A😉'],
    ['utf-8', 'efbbbf 41', 'A'],
    [
      'windows-1252',
      '2320 4361 66e9 0a0a 4772 fcdf 6520 6175 7320 4bf6 6c6e',
      '# Café\n\nGrüße aus Köln',
    ],
    ['windows-1252', '53fc df20 96 2084 61 9320 80', 'Süß – „a“ €'],
    [
      'shift_jis',
      '2320 8b63 8e96 985e 0a0a 89ef 8b63 82cc 8b4c 985e 0a',
      '# 議事録\n\n会議の記録\n',
    ],
    ['euc-jp', '2320 b2f1 b5c4 a4ce b5ad cfbf 0a', '# 会議の記録\n'],
    ['iso-2022-jp', '1b2442 3271 3544 244e 354d 1b2842', '会議の詰'],
    ['gb18030', '2320 bbe1 d2e9 0a0a b2bf caf0 cbb5 c3f7 cec4 b5b5 0a', '# 会议\n\n部署说明文档\n'],
    [
      'big5',
      '2320 b77c c4b3 b04f bffd 0a a743 a6ec ad fb a475 a6b3 b054 b0b2',
      '# 會議記錄\n低位員工有訊假',
    ],
    [
      'euc-kr',
      '2320 c8b8 c0c7 b7cf 0a b8f0 b5e7 20 c1f7 bff8 c0ba 20 b8c5 b3e2 20 bfac c2f7',
      '# 회의록\n모든 직원은 매년 연차',
    ],
    [
      'koi8-r',
      'efd4 d0d5 d3cb 0a ebc1 d6c4 d9ca 20 d3cf d4d2 d5c4 cec9 cb',
      'Отпуск\nКаждый сотрудник',
    ],
    [
      'windows-1251',
      'cef2 eff3' + ' f1ea 0a ca e0e6 e4fb e920 f1ee f2f0 f3e4 ede8 ea',
      'Отпуск\nКаждый сотрудник',
    ],
    [
      'ibm866',
      '8ee2 afe3 e1aa 0a 8aa0 a6a4 eba9 20 e1ae e2e0 e3a4 ada8 aa',
      'Отпуск\nКаждый сотрудник',
    ],
    ['windows-1250', '5ab9 bfe6 0a', 'Zążć\n'],
  ])('reads %s', (encoding, bytes, text) => {
    expect(decodeText(hex(bytes))).toEqual({ text, encoding });
  });

  it.each([
    ['a picture', '8950 4e47 0d0a 1a0a 0000 000d 4948 4452'],
    ['control characters', '0100 02'],
    ['accents of no one language', '61e4 f862 ec63 fe64 dd65'],
    ['UTF-16 cut in half', 'fffe 2300 20'],
    ['half a surrogate', 'fffe 00d8 2000'],
  ])('refuses %s', (_, bytes) => expect(decodeText(hex(bytes))).toBeNull());

  it('takes NULs in a text for what they are, and keeps what is valid UTF-8 as it is', () => {
    expect(decodeText(Buffer.from('before\0after\n'))?.text).toBe('before\0after\n');
    expect(decodeText(Buffer.from('it says �'))).toEqual({ text: 'it says �', encoding: 'utf-8' });
    expect(decodeText(new Uint8Array())).toEqual({ text: '', encoding: 'utf-8' });
  });
});
