import type { useProduct } from './product.ts';

type Product = ReturnType<typeof useProduct>;

/** The six digits that a mail hands over, alone on their line. */
export function codeIn(mail: { readonly text: string } | undefined): string {
  const code = /^\d{6}$/m.exec(mail?.text ?? '')?.[0];
  if (!code) throw new Error('the mail holds no code');
  return code;
}

/** Some other code than this one. */
export const wrongCode = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

/** What tests do with rights requests, on either side of the desk. */
export function casesOf(product: Product) {
  return {
    submit: (token: string | undefined, body: object, headers: Readonly<Record<string, string>> = {}) =>
      product.call('POST', '/api/v1/rights-requests', { ...(token ? { token } : {}), body, headers }),

    read: (id: string, token: string) => product.call('GET', `/api/v1/rights-requests/${id}`, { token }),

    /** A request without a sign-in, its e-mail confirmed. */
    async confirmed(body: object, contact: { readonly email: string; givenName?: string; familyName?: string }) {
      const person = { givenName: 'Inès', familyName: 'Łuk', ...contact };
      const mailsBefore = (await product.control('GET', `/mail?to=${encodeURIComponent(contact.email)}`)).body.messages
        .length;
      const { body: created } = await this.submit(undefined, { ...body, contact: person });
      const mail = (await product.mails(contact.email, mailsBefore + 1))[mailsBefore];
      const path = `/api/v1/rights-requests/${created.id}/confirm`;
      const { status } = await product.call('POST', path, { body: { code: codeIn(mail) } });
      if (status !== 200) throw new Error(`confirming answered ${status}`);
      return { id: created.id as string, headers: { 'x-tracking-code': created.trackingCode as string } };
    },

    record: (token: string, body: object) => product.call('POST', '/api/v1/desk/rights-requests', { token, body }),

    act: (token: string, id: string, action: string, body?: object) =>
      product.call('POST', `/api/v1/desk/rights-requests/${id}/${action}`, { token, ...(body ? { body } : {}) }),

    detail: (token: string, id: string) => product.call('GET', `/api/v1/desk/rights-requests/${id}`, { token }),

    upload: (
      id: string,
      bytes: Buffer,
      headers: Readonly<Record<string, string>>,
      type = 'application/pdf',
      kind = 'passport',
    ) =>
      product.fetch(`/api/v1/rights-requests/${id}/identity-proofs`, {
        method: 'POST',
        headers: { 'content-type': type, 'x-document-kind': kind, ...headers },
        body: new Uint8Array(bytes),
      }),

    advance: () => product.control('POST', '/timers/advance-rights-requests'),

    async moveClock(to: string) {
      await product.control('PUT', '/clock', { now: to });
    },

    /** A staff token of somebody in particular. */
    async staff(sub: string, ...roles: string[]): Promise<string> {
      return (await product.control('GET', `/staff-token?roles=${roles.join(',')}&sub=${sub}`)).body.token;
    },
  };
}
