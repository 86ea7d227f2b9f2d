import type { useProduct } from './product.ts';

/** A clock in this process that moves along with that of a stack. */
export function movingClock(product: ReturnType<typeof useProduct>) {
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  async function moveTo(instant: Date): Promise<void> {
    await product.control('PUT', '/clock', { now: instant.toISOString() });
    offset = instant.getTime() - Date.now();
  }
  return { now, moveTo, moveBy: (milliseconds: number) => moveTo(new Date(now().getTime() + milliseconds)) };
}
