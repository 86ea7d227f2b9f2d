import { describe, expect, it } from 'vitest';
import { passwordFault } from '../../../shared/credentials/password-policy.ts';

const about = ['ana@partner.example', 'Ana', 'Łuk', 'Garage du Lac'];
const fault = (password: string) => passwordFault(password, about);

describe('F2 a password', () => {
  it.each([
    'kXv9TqLm2RzB',
    'x7#Kq9!zLm2w',
    'rT8vKq2LmZx7Wd',
    'Jm4qXz8RtWc2LpA',
    'violet-tracteur-orage-plume',
    'Un mot de passe long 2026',
  ])('drawn by a machine or made of words nobody expects is taken: %s', async (password) => {
    expect(await fault(password)).toBeUndefined();
  });

  it.each([
    'Password1234!a',
    'Azerty123456!',
    'MotDePasse!2026',
    'ValidPassword123!',
    'Summer2026!!Ab',
    'Abc123Abc123!',
    'aaaaaaaaaaaa',
  ])('is not made better by the usual capitals, digits and marks: %s', async (password) => {
    expect(await fault(password)).toBe('too-easy-to-guess');
  });

  it.each(['P4ssw0rd!P4ssw0rd!', 'm0td3p4ss3-2026', '4z3rty-4z3rty-4z3rty'])(
    'is not made better by digits that look like letters: %s',
    async (password) => {
      expect(await fault(password)).toBe('too-easy-to-guess');
    },
  );

  it('is judged by its first 64 characters, so that nobody can make judging it long work', async () => {
    const strong = 'violet-tracteur-orage-plume';
    expect(await fault('ab'.repeat(32) + strong)).toBe('too-easy-to-guess');
    expect(await fault('ab'.repeat(16) + strong)).toBeUndefined();
  });

  it('has 12 to 128 characters, counted as people count them', async () => {
    expect(await fault('kXv9TqLm2Rz')).toBe('too-short');
    expect(await fault('😀🐴🔋📎🍀🎈🚗🛶🎻🧭🪁')).toBe('too-short');
    expect(await fault(`${'kXv9TqLm2RzB-'.repeat(9)}12345678901`)).toBeUndefined();
    expect(await fault(`${'kXv9TqLm2RzB-'.repeat(9)}123456789012`)).toBe('too-long');
  });
});
