import { wordsOf } from './words.ts';

/** Function words that hardly any other language of the lists below shares. */
const ENGLISH = set(
  'the and of to is are was were be been do does did how what when where why who which can could ' +
    'should would will with for from by on at this that these those it its you your we our they ' +
    'their there have has had not if about into than then or as my i me any all get',
);
const OTHERS = set(
  // German, Dutch
  'der das ist sind nicht und oder wie wo wann warum wer wird werden ich wir ihr mit für von zu auf ' +
    'ein eine einen dem kann muss viele het een hoe waar wanneer waarom wie niet voor naar zijn ' +
    // Spanish, Portuguese, Italian, French
    'el la los las una uno del qué que cómo como cuándo cuando dónde donde quién cuál para por con ' +
    'es está son mi hay o um uma não são onde quando quem qual il lo gli che come dove perché ' +
    'quanto è di per le les des est sont une où quand pourquoi comment qui quel quelle pour dans ' +
    'avec nous vous je ' +
    // Swedish, Danish, Norwegian, Polish, Turkish
    'och är inte hur när var vem det att för som på og ikke hvordan hvor hvornår hvem er til jak ' +
    'gdzie kiedy dlaczego kto czy jest nie się w z na ve nasıl nerede ne zaman kim için bir',
);
const FOREIGN_LETTER = /[^\p{ASCII}\P{L}]/u;

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}

/**
 * Whether the shipped encoder, which knows English only, can make something of a text: it is mostly
 * in Latin letters, and its function words do not tell of another language. A text that says nothing
 * either way (names, single words) counts as English. Elsewhere words alone should rank: the cosines
 * of other languages are noise, not 0.
 */
export function isForEncoder(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (letters === 0 || latin < 0.7 * letters) return false;
  let balance = 0;
  for (const word of wordsOf(text.slice(0, 2000).normalize('NFC'))) {
    if (ENGLISH.has(word)) balance += 1;
    else if (OTHERS.has(word)) balance -= 1;
    else if (FOREIGN_LETTER.test(word)) balance -= 0.5;
  }
  return balance >= 0;
}
