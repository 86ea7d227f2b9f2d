import * as z from 'zod/mini';
import { languages } from '../../shared/platform/language.ts';

/**
 * One line, as a person would write it: no control characters, no halves of characters, and nothing that turns the direction of what stands
 * around it, in a mail or at the desk.
 */
export const text = (max: number) =>
  z
    .string()
    .check(
      z.trim(),
      z.minLength(1),
      z.maxLength(max),
      z.regex(/^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u),
    );
/** Several lines: of control characters only tabs and line ends. */
export const multilineText = (max: number) =>
  z.string().check(z.trim(), z.minLength(1), z.maxLength(max), z.regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u));
export const email = z.email().check(z.maxLength(254));
export const language = z.enum(languages);
export const instant = z.iso.datetime();
export const password = z.string().check(z.minLength(1), z.maxLength(1024));
export const token = z.string().check(z.minLength(1), z.maxLength(512));
export const otp = z.string().check(z.regex(/^(?:\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/i));
