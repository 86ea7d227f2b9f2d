import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../local/data-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('the data folder', () => {
  it('is created where it does not exist', () => {
    const path = join(temporaryFolder(), 'a', 'b');
    openDataFolder(path).release();
    expect(existsSync(path)).toBe(true);
  });

  it('belongs to one stack at a time, and says to which', () => {
    const path = temporaryFolder();
    const held = openDataFolder(path);
    expect(() => openDataFolder(path)).toThrow(`Another local stack (process ${process.pid}) runs on the data folder`);
    held.release();
    openDataFolder(path).release();
  });

  it('is refused when it is a file', () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, '');
    expect(() => openDataFolder(path)).toThrow(/^The data folder .* cannot be used: /);
  });

  it('is refused when its lock is no lock', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'stack.lock'), 'something else altogether, of some length'.repeat(100));
    expect(() => openDataFolder(path)).toThrow(/^The lock of the data folder/);
  });
});
