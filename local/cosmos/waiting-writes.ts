/**
 * Keeps every write of an item whose id begins so waiting, and carries it out once it is let go: the moment for another request to come in
 * between. Everything else goes through meanwhile.
 */
export function createWaitingWrites() {
  let keptBack: { readonly idPrefix: string; readonly released: PromiseWithResolvers<void> } | undefined;
  let waiting = 0;

  return {
    keep(idPrefix: string): void {
      keptBack = { idPrefix, released: Promise.withResolvers() };
    },
    letGo(): void {
      keptBack?.released.resolve();
      keptBack = undefined;
    },
    count: (): number => waiting,

    /** Resolves when this request may go on: at once, unless it changes or removes such an item. */
    async passed(method: string, path: string): Promise<void> {
      const id = decodeURIComponent(path.split('/docs/')[1] ?? '');
      if (!keptBack || method === 'GET' || !id.startsWith(keptBack.idPrefix)) return;
      waiting += 1;
      await keptBack.released.promise;
      waiting -= 1;
    },
  };
}
