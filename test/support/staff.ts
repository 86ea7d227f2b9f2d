import type { useProduct } from './product.ts';

type Product = ReturnType<typeof useProduct>;

/** The token of one member of staff, by the subject that habilitations name. */
export async function staffMember(product: Product, sub: string, ...roles: string[]): Promise<string> {
  const query = `roles=${roles.join(',')}&sub=${encodeURIComponent(sub)}`;
  return (await product.control('GET', `/staff-token?${query}`)).body.token;
}

/** The product's day, moved by whole days and hours. */
export async function moveClock(product: Product, { days = 0, hours = 0 }: { days?: number; hours?: number }) {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  const moved = new Date(now.getTime() + (days * 24 + hours) * 3_600_000);
  await product.control('PUT', '/clock', { now: moved.toISOString() });
  return moved;
}

/** Grants a habilitation that lasts some months from the product's own day, by an administrator who is somebody else. */
export async function grant(
  product: Product,
  staffId: string,
  categories: readonly string[],
  missions: readonly string[],
): Promise<void> {
  const now = new Date((await product.control('GET', '/clock')).body.now);
  const expiresOn = new Date(now.getTime() + 200 * 86_400_000).toISOString().slice(0, 10);
  const put = async (headers: Readonly<Record<string, string>>) =>
    product.call('PUT', `/api/v1/desk/habilitations/${staffId}`, {
      token: await staffMember(product, 'administrator', 'habilitation-admin'),
      headers,
      body: { categories, missions, expiresOn },
    });
  const created = await put({});
  const { status } = created.status === 428 ? await put({ 'if-match': '*' }) : created;
  if (status > 201) throw new Error(`the grant answered ${status}`);
}
