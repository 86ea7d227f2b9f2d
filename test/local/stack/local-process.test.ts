import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EXIT_WITH_PARENT,
  type LocalProcessOptions,
  startLocalProcess,
} from '../../../local/processes/local-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

function start(program: string, options: Partial<LocalProcessOptions<unknown>> = {}) {
  const module = join(temporaryFolder(), 'program.ts');
  writeFileSync(module, program);
  return startLocalProcess<unknown>({
    name: 'program',
    module,
    args: [],
    preload: EXIT_WITH_PARENT,
    readyFrom: ({ line }) => line,
    ...options,
  });
}

describe('a child process of the local stack', () => {
  it('that does not start is told with the errors it wrote, on one line', async () => {
    const program = `console.error('The shelf\\n  is empty'); process.exitCode = 3;`;
    await expect(start(program)).rejects.toThrow(/^The program did not start: The shelf is empty$/);
    await expect(start('process.exitCode = 3;')).rejects.toThrow(/^The program did not start: exit code 3$/);
  });

  it('tells how it ended', async () => {
    const child = await start(`console.log('ready'); setInterval(() => undefined, 1_000);`);
    await child.kill();
    expect(await child.ended).toBe('signal SIGKILL');
  });

  it('is asked to end before it is made to', async () => {
    const program = `
      process.once('SIGTERM', () => process.exit(7));
      console.log('ready'); setInterval(() => undefined, 1_000);`;
    const child = await start(program);
    await child.stop();
    expect(await child.ended).toBe('exit code 7');
    await child.stop();
  });
});
