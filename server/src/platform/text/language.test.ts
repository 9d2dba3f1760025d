import { describe, expect, it } from 'vitest';
import { isForEncoder } from './language.ts';

describe('the encoder is asked', () => {
  it.each([
    'How many days of leave do I get?',
    'parental leave',
    'Who is Zoë Müller?',
    'kubectl events --watch',
    'PROJ-1234',
    'the café on the third floor',
  ])('about “%s”', (text) => expect(isForEncoder(text)).toBe(true));

  it.each([
    'Wie beantrage ich Urlaub?',
    'Wie viele Urlaubstage habe ich?',
    '¿Cuántos días de vacaciones tengo?',
    'Où est la salle de réunion ?',
    'Hur många semesterdagar har jag?',
    'Как оформить отпуск?',
    '如何申请休假？',
    '有給休暇の申請方法は？',
    'วิธีลา',
    'كيف أطلب إجازة؟',
    '12345 ???',
    '',
  ])('nothing about “%s”', (text) => expect(isForEncoder(text)).toBe(false));
});
