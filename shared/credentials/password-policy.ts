export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 128;
/** Bits that guessing must cost at least (CNIL 2022-100): 2^50 guesses. */
const MIN_GUESSES_LOG10 = 50 * Math.log10(2);

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
    });
    return (password, known) => zxcvbn.check(password, [...known]).guessesLog10;
  })();
  return loading;
}
