import type { Stack } from '../../local/stack.ts';
import type { Served } from './document-store.ts';

/** What a test can ask of the database stand-in of a running product besides what the control port offers. */
export function databaseControl(stack: () => Stack) {
  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const { endpoint, key } = stack().cosmos;
    const answer = await fetch(`${endpoint}/_local/${path}`, {
      method,
      headers: { 'x-local-key': key },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`the database answered ${answer.status} to ${method} ${path}`);
    return (await answer.json()) as T;
  }

  return {
    /** From now on so many writes go through, then nothing is carried out or answered until {@link release}. */
    holdAfter: (writes: number) => ask('PUT', 'hold', { afterWrites: writes }),
    isHeld: async () => (await ask<{ held: boolean }>('GET', 'hold')).held,
    release: () => ask('DELETE', 'hold'),
    /** From now on what changes or removes an item whose id begins so waits until {@link letGo}; everything else goes through. */
    keepWaiting: (idPrefix: string) => ask('PUT', 'waiting', { idPrefix }),
    waiting: async () => (await ask<{ waiting: number }>('GET', 'waiting')).waiting,
    letGo: () => ask('DELETE', 'waiting'),
    /** What was served since the last time, oldest first. */
    async served(): Promise<readonly Served[]> {
      const { requests } = await ask<{ requests: readonly Served[] }>('GET', 'requests');
      await ask('DELETE', 'requests');
      return requests;
    },
  };
}
