import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as contract from '@teambrain/contract/search.ts';
import { register, type Person } from '../../testing/people.ts';
import { createSpace, post } from '../../testing/space.ts';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';

let app: TestApp;
let owner: Person;

/** What is said, what is looked for, and what is marked of what was said. */
const CASES: [said: string, query: string, marked: string[]][] = [
  ['我们昨天部署了新版本，回滚方案在文档里', '部署', ['部署']],
  ['我们昨天部署了新版本，回滚方案在文档里', '回滚方案', ['回滚方案']],
  ['来週の会議で新しい在庫管理システムを説明します', '在庫', ['在庫']],
  ['来週の会議で新しい在庫管理システムを説明します', 'ｼｽﾃﾑ', ['システム']],
  ['屋根の上に猫がいる', '猫', ['猫が']],
  ['พรุ่งนี้เราจะประชุมเรื่องงบประมาณใหม่', 'ประชุม', ['ประชุม']],
  ['พรุ่งนี้เราจะประชุมเรื่องงบประมาณใหม่', 'ประมาณ', ['ประมาณ']],
  ['ພວກເຮົາຈະປະຊຸມມື້ອື່ນ', 'ປະຊຸມ', ['ປະຊຸມ']],
  ['내일 회의에서 예산을 논의합니다', '회의', ['회의']],
  ['내일 회의에서 예산을 논의합니다', '예산'.normalize('NFD'), ['예산']],
  ['ﾃｽﾄ環境 ｻｰﾊﾞ', 'テスト', ['ﾃｽﾄ']],
  ['ﾃｽﾄ環境 ｻｰﾊﾞ', 'サーバ', ['ｻｰﾊﾞ']],
  ['Ｆｕｌｌ ｗｉｄｔｈ ４２', 'full 42', ['Ｆｕｌｌ', '４２']],
  ['Café naïve résumé', 'resume', ['résumé']],
  ['Das café', 'CAFÉ'.normalize('NFD'), ['café']],
  ['Cafe\u0301 am See', 'café', ['Cafe\u0301']],
  ['Die Größe der Straße', 'grosse strasse', ['Größe', 'Straße']],
  ['Über München', 'uber munchen', ['Über', 'München']],
  ['Łódź i Kraków', 'lodz krakow', ['Łódź', 'Kraków']],
  ['İstanbul ve ISPARTA', 'istanbul ısparta', ['İstanbul', 'ISPARTA']],
  ['Người Việt ở Đà Nẵng', 'nguoi da nang', ['Người', 'Đà', 'Nẵng']],
  ['Зелёная ёлка', 'елка', ['ёлка']],
  ['ΟΔΟΣ Αθήνας', 'οδος αθηνας', ['ΟΔΟΣ', 'Αθήνας']],
  ['قَرَأَ الوَلَدُ الكِتَابَ', 'الكتاب', ['الكِتَابَ']],
  ['שָׁלוֹם לכולם', 'שלום', ['שָׁלוֹם']],
  ['Raum ٣٤٥ ist frei', '345', ['٣٤٥']],
  ['An ﬁne oﬃce', 'office', ['oﬃce']],
  ['co\u00adop\u00ader\u00ada\u00adtion', 'cooperation', ['co\u00adop\u00ader\u00ada\u00adtion']],
  ['zero\u200bwidth', 'zerowidth', ['zero\u200bwidth']],
  ['Ticket PROJ-1234 blocks release', '1234', ['1234']],
  ['Ticket PROJ-1234 blocks release', 'proj-1234', ['PROJ-1234']],
  ['Write to ops-team@larch.example.org', 'ops-team', ['ops-team']],
  [
    'Write to ops-team@larch.example.org',
    'ops-team@larch.example.org',
    ['ops-team@larch.example.org'],
  ],
  ['Call getUserName first', 'UserName', ['UserName']],
  ['Call getUserName first', 'getusername', ['getUserName']],
  ['Set max_retry_count to 3', 'retry_count', ['retry_count']],
  ['See /usr/local/bin/frob', 'local/bin', ['local/bin']],
  ['Upgrade to v10.4.17', '4.17', ['4.17']],
  ['Host 10.20.30.41 is down', '10.20.30.41', ['10.20.30.41']],
  ['https://wiki.example.org/handbook?page=leave', 'wiki.example.org', ['wiki.example.org']],
  ['Due on 2031-08-17', '2031-08', ['2031-08']],
  ['It fails with 0x80070005', '80070005', ['80070005']],
  ['Fixed in #4711', '#4711', ['4711']],
  ['Written in C++ and C# on .NET', 'C++', ['C++', 'C']],
  ['Written in C++ and C# on .NET', '.NET', ['.NET']],
  ['The front-end is slow', 'frontend', ['front-end']],
  ['The frontend is slow', 'front-end', ['frontend']],
  ['Release is out 🚀🎉', '🚀', ['🚀']],
  ['Well done 👍🏿', '👍', ['👍🏿']],
  ['Our astronaut 👩🏽‍🚀 is back', '👩‍🚀', ['👩🏽‍🚀']],
  ['Offices in 🇩🇪🇫🇷', '🇫🇷', ['🇫🇷']],
  ['I ❤️ it', '❤', ['❤️']],
  ['First 1️⃣ then', '1️⃣', ['1️⃣']],
];

const spaces = new Map<string, string>();

beforeAll(async () => {
  app = await createTestApp();
  owner = await register(app.url, 'Owner');
  // Each in a space of its own, so that it is found for its words alone.
  for (const [said] of CASES) {
    if (spaces.has(said)) continue;
    const space = await createSpace(owner);
    spaces.set(said, space);
    await post(owner, space, said);
  }
  await app.followers.idle();
});
afterAll(() => app.close());

describe('a search', () => {
  it.each(CASES)('in %s finds %s', async (said, q, marked) => {
    const space = spaces.get(said) ?? '';
    const { items, indexed } = await owner.call(contract.search, { query: { q, space } });
    expect(items[0]?.snippet).toBe(said);
    const ranges = items[0]?.highlights ?? [];
    expect(ranges.map(({ start, end }) => said.slice(start, end))).toEqual(marked);
    expect(indexed).toBe(100);
  });

  it('finds what is in other words nowhere', async () => {
    for (const q of ['東京', 'ข้าวผัด', '🦒', '9999']) {
      const { items } = await owner.call(contract.search, { query: { q } });
      expect(items, q).toEqual([]);
    }
  });
});
