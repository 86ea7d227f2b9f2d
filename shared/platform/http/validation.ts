import type * as z from 'zod/mini';
import type { Language } from '../language.ts';
import { type FieldFault, Problem } from './problem.ts';

const words = {
  fr: {
    invalid_type: 'type ou valeur manquante ou inattendue',
    unrecognized_keys: 'champ inconnu : seules les données nécessaires sont acceptées',
    too_small: 'valeur trop courte ou trop petite',
    too_big: 'valeur trop longue ou trop grande',
    invalid_format: 'format non valable',
    invalid_value: 'valeur non prévue',
    other: 'valeur non valable',
  },
  en: {
    invalid_type: 'missing, or of an unexpected type',
    unrecognized_keys: 'unknown field: only what is necessary is accepted',
    too_small: 'too short or too small',
    too_big: 'too long or too large',
    invalid_format: 'not in the expected format',
    invalid_value: 'not one of the expected values',
    other: 'not valid',
  },
} as const;

/** More faults than this help nobody, and would let a small request ask for a large answer. */
const MOST_FAULTS = 50;

/** Validates one part of a request. Throws `invalid-request` with the path of each fault; values are not repeated. */
export function validate<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  language: Language,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue): FieldFault[] => {
    const path = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: path ? `${path}.${key}` : key,
        message: words[language].unrecognized_keys,
      }));
    }
    const message = words[language][issue.code as keyof (typeof words)['fr']] ?? words[language].other;
    return [{ path, message }];
  });
  throw new Problem('invalid-request', { errors: errors.slice(0, MOST_FAULTS) });
}
