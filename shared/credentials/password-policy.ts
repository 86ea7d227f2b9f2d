export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 128;
/** Bits that guessing must cost at least (CNIL 2022-100): 2^50 guesses. */
const MIN_GUESSES_LOG10 = 50 * Math.log10(2);
/**
 * What the estimator looks at: this many characters, with this many readings of `4` as `a` and the like. With its own bounds a hundred such
 * characters keep a processor busy for seconds, for whoever sends them.
 */
const ESTIMATED_CHARACTERS = 64;
const L33T_READINGS = 10;

export type PasswordFault = 'too-short' | 'too-long' | 'holds-personal-data' | 'too-easy-to-guess';

/**
 * The first reason to refuse a password, or nothing. No composition rules and no renewal: length, a guessability estimate that knows the
 * common-password lists, and nothing of the person's own (CNIL 2022-100). `about` is what an attacker knows: e-mail, names, company.
 */
export async function passwordFault(password: string, about: readonly string[]): Promise<PasswordFault | undefined> {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH) return 'too-short';
  if (length > MAX_PASSWORD_LENGTH) return 'too-long';
  const folded = fold(password);
  const known = about
    .flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
    .map(fold)
    .filter((text) => text.length >= 4);
  if (known.some((text) => folded.includes(text))) return 'holds-personal-data';
  const guesses = (await estimator())(password, known);
  return guesses < MIN_GUESSES_LOG10 ? 'too-easy-to-guess' : undefined;
}

/**
 * What the estimator leaves out. It counts ten guesses for each character that no word list explains, whatever the character, and so refuses every
 * password of less than sixteen that a password manager draws. Who guesses has to try the other kinds of character too: each change of kind
 * (lower case, upper case, digit, other) multiplies the guesses by eight. Words and patterns that the estimator knows gain nothing.
 */
function changesOfKindLog10(unexplained: readonly string[]): number {
  const changes = unexplained.map((token) => {
    const kinds = [...token].map((character) => KINDS.findIndex((kind) => kind.test(character)));
    return kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  });
  return Math.log10(8) * changes.reduce((sum, count) => sum + count, 0);
}

const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u];

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

type Estimator = (password: string, known: readonly string[]) => number;
let loading: Promise<Estimator> | undefined;

/** The estimator and its dictionaries are large: they are loaded at the first password that is chosen. */
function estimator(): Promise<Estimator> {
  loading ??= (async () => {
    const [{ ZxcvbnFactory }, common, french] = await Promise.all([
      import('@zxcvbn-ts/core'),
      import('@zxcvbn-ts/language-common'),
      import('@zxcvbn-ts/language-fr'),
    ]);
    const zxcvbn = new ZxcvbnFactory({
      dictionary: { ...common.dictionary, ...french.dictionary },
      graphs: common.adjacencyGraphs,
      l33tMaxSubstitutions: L33T_READINGS,
    });
    return (password, known) => {
      const { guessesLog10, sequence } = zxcvbn.check([...password].slice(0, ESTIMATED_CHARACTERS).join(''), [
        ...known,
      ]);
      const unexplained = sequence.filter(({ pattern }) => pattern === 'bruteforce').map(({ token }) => token);
      return guessesLog10 + changesOfKindLog10(unexplained);
    };
  })();
  return loading;
}
