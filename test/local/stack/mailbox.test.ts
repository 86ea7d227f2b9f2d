import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLocalClock } from '../../../local/clock.ts';
import { createFaultSwitch } from '../../../local/faults/fault.ts';
import { openMailbox } from '../../../local/mailbox/mailbox.ts';
import { startMailServer } from '../../../local/mailbox/smtp-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function startedMailbox() {
  const file = join(temporaryFolder(), 'mail.jsonl');
  const mailbox = openMailbox(file);
  const clock = createLocalClock();
  const faults = createFaultSwitch();
  const server = await startMailServer({ mailbox, clock, faults });
  const transport = createTransport(`smtp://127.0.0.1:${server.port}`);
  onTestFinished(async () => {
    transport.close();
    await server.stop();
  });
  const send = (to: string | string[], more: object = {}) =>
    transport.sendMail({
      from: 'Extranet <no-reply@extranet.example>',
      to,
      subject: 'Votre accès',
      text: 'x',
      ...more,
    });
  return { file, mailbox, clock, faults, send };
}

describe('the mailbox', () => {
  it('keeps what was sent, in both forms and with its accents', async () => {
    const { mailbox, send } = await startedMailbox();
    const text = 'Bonjour Zoé,\n\n123456\n\nÀ bientôt\n';
    await send('zoe@partner.example', { text, html: '<p>Bonjour Zoé</p>', messageId: '<one@extranet.example>' });
    expect(mailbox.list()).toMatchObject([
      {
        to: 'zoe@partner.example',
        from: '"Extranet" <no-reply@extranet.example>',
        subject: 'Votre accès',
        text,
        html: '<p>Bonjour Zoé</p>',
        messageId: '<one@extranet.example>',
      },
    ]);
  });

  it('shows each recipient who was really served, blind copies included', async () => {
    const { mailbox, send } = await startedMailbox();
    await send(['a@partner.example', 'b@partner.example'], { bcc: 'c@partner.example' });
    expect(mailbox.list().map(({ to }) => to)).toEqual(['a@partner.example', 'b@partner.example', 'c@partner.example']);
    expect(mailbox.list('B@Partner.example')).toHaveLength(1);
    expect(mailbox.list('nobody@partner.example')).toEqual([]);
  });

  it('stamps the arrival by the local clock', async () => {
    const { mailbox, clock, send } = await startedMailbox();
    clock.setOffset(Date.parse('2030-05-01T00:00:00Z') - Date.now());
    await send('a@partner.example');
    expect(mailbox.list()[0]?.at).toMatch(/^2030-05-01T00:/);
  });

  it('survives a restart, without the line that a kill cut short', async () => {
    const { file, mailbox, send } = await startedMailbox();
    await send('a@partner.example');
    appendFileSync(file, '{"to":"cut@partner.exa');
    const again = openMailbox(file);
    expect(again.list()).toEqual(mailbox.list());
    again.add(mailbox.list());
    expect(openMailbox(file).list()).toHaveLength(2);
  });

  it('is empty after it was cleared, also on disk', async () => {
    const { file, mailbox, send } = await startedMailbox();
    await send('a@partner.example');
    mailbox.clear();
    expect(mailbox.list()).toEqual([]);
    expect(openMailbox(file).list()).toEqual([]);
  });

  it('lets the oldest go when it is full', () => {
    const file = join(temporaryFolder(), 'mail.jsonl');
    const mailbox = openMailbox(file, 10);
    const message = { to: 'a@partner.example', from: '', text: '', html: '', at: '', messageId: '' };
    for (let count = 1; count <= 25; count += 1) mailbox.add([{ ...message, subject: `${count}` }]);
    expect(mailbox.list().length).toBeLessThanOrEqual(10);
    expect(mailbox.list().at(-1)?.subject).toBe('25');
    expect(openMailbox(file).list()).toEqual(mailbox.list());
  });

  it.each([
    [503, 451],
    [undefined, 'accepted'],
    [550, 550],
    ['reset' as const, 451],
  ])('answers a fault of status %s with %s', async (status, outcome) => {
    const { mailbox, faults, send } = await startedMailbox();
    faults.set({ rate: 1, latencyMs: 1, ...(status === undefined ? {} : { status }) });
    const sent = await send('a@partner.example').then(
      () => 'accepted',
      (error: { responseCode?: number }) => error.responseCode,
    );
    expect(sent).toBe(outcome);
    expect(mailbox.list()).toHaveLength(outcome === 'accepted' ? 1 : 0);
    faults.set(undefined);
    await send('a@partner.example');
  });

  it('can take a message and lose the answer: the sender tries again, and it shows twice under one id', async () => {
    const { mailbox, faults, send } = await startedMailbox();
    const messageId = '<one@extranet.example>';
    faults.set({ rate: 1, latencyMs: 0, status: 451, phase: 'after' });
    await expect(send('a@partner.example', { messageId })).rejects.toMatchObject({ responseCode: 451 });
    faults.set(undefined);
    await send('a@partner.example', { messageId });
    expect(mailbox.list().map((message) => message.messageId)).toEqual([messageId, messageId]);
  });
});
