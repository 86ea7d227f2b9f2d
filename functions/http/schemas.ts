import * as z from 'zod/mini';
import { languages } from '../../shared/platform/language.ts';

/** The shapes that several topics share. */
export const text = (max: number) =>
  z.string().check(z.trim(), z.minLength(1), z.maxLength(max), z.regex(/^[^\p{Cc}]*$/u));
export const multilineText = (max: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(max));
export const email = z.email().check(z.maxLength(254));
export const language = z.enum(languages);
export const instant = z.iso.datetime();
export const password = z.string().check(z.minLength(1), z.maxLength(1024));
export const token = z.string().check(z.minLength(1), z.maxLength(512));
export const otp = z.string().check(z.regex(/^(?:\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/i));
