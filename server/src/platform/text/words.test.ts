import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stem } from './stem.ts';
import { contentStems, countWords, jaccard } from './words.ts';

describe('stem', () => {
  it('follows the examples of the published algorithm', () => {
    const examples =
      'caresses:caress ponies:poni ties:ti caress:caress cats:cat feed:feed agreed:agre ' +
      'plastered:plaster bled:bled motoring:motor sing:sing conflated:conflat troubled:troubl ' +
      'sized:size hopping:hop tanned:tan falling:fall hissing:hiss fizzed:fizz failing:fail ' +
      'filing:file happy:happi sky:sky relational:relat conditional:condit rational:ration ' +
      'valenci:valenc digitizer:digit conformabli:conform radicalli:radic differentli:differ ' +
      'vileli:vile analogousli:analog vietnamization:vietnam predication:predic operator:oper ' +
      'feudalism:feudal decisiveness:decis hopefulness:hope callousness:callous ' +
      'formaliti:formal sensitiviti:sensit sensibiliti:sensibl triplicate:triplic ' +
      'formative:form formalize:formal electriciti:electr electrical:electr hopeful:hope ' +
      'goodness:good revival:reviv allowance:allow inference:infer airliner:airlin ' +
      'adjustable:adjust defensible:defens irritant:irrit replacement:replac ' +
      'adjustment:adjust dependent:depend adoption:adopt homologou:homolog communism:commun ' +
      'activate:activ angulariti:angular homologous:homolog effective:effect bowdlerize:bowdler ' +
      'probate:probat rate:rate cease:ceas controll:control roll:roll';
    for (const example of examples.split(' ')) {
      const [word = '', expected] = example.split(':');
      expect(stem(word), word).toBe(expected);
    }
  });

  it('leaves other words alone and never throws', () => {
    expect(stem('größe')).toBe('größe');
    expect(stem('v2')).toBe('v2');
    fc.assert(
      fc.property(fc.string(), (word) => {
        expect(typeof stem(word)).toBe('string');
      }),
    );
  });
});

describe('words', () => {
  it('counts words and half CJK characters', () => {
    expect(countWords('a – b, c-d 3!')).toBe(4);
    expect(countWords('漢字漢字')).toBe(2);
    expect(countWords('')).toBe(0);
    const pieces = fc.constantFrom(
      'a',
      'é',
      '9',
      '漢',
      'カ',
      '-',
      '’',
      '😀',
      ' ',
      '\u00a0',
      '\n',
      '\u2028',
    );
    fc.assert(
      fc.property(fc.array(pieces), (chosen) => {
        const text = chosen.join('');
        const wide = (run: string) => run.match(/[漢カ]/g)?.length ?? 0;
        const runs = text.split(/\s+/).filter((run) => wide(run) === 0 && /[aé9]/.test(run));
        expect(countWords(text)).toBe(runs.length + Math.ceil(wide(text) / 2));
      }),
    );
  });

  it('gives stems of the words that carry meaning', () => {
    expect(contentStems("It’s the team's meetings, don't you think?")).toEqual([
      'team',
      'meet',
      'think',
    ]);
  });

  it('compares sets', () => {
    expect(jaccard(new Set(['a', 'b']), new Set(['b', 'c']))).toBeCloseTo(1 / 3);
    expect(jaccard(new Set(), new Set())).toBe(0);
  });
});
