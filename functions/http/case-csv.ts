import type { CaseServices, ListedCase } from '../../shared/rights-requests/index.ts';

/** Rows of one table at the most; the memory of one answer is bounded by it. */
const MAX_ROWS = 50_000;
const BOM = '\uFEFF';

const columns = [
  'id',
  'reference',
  'type',
  'channel',
  'status',
  'receivedAt',
  'dueAt',
  'extendedDueAt',
  'suspendedDueAt',
  'closedAt',
  'identity',
  'givenName',
  'familyName',
  'assignee',
] as const;

function rowOf(request: ListedCase): readonly string[] {
  const { requestId, reference, requestType, channel, status, receivedAt, dueAt, contact, identity } = request;
  const { extendedDueAt = '', suspendedDueAt = '', closedAt = '', assignee = '' } = request;
  const dates = [receivedAt, dueAt, extendedDueAt, suspendedDueAt, closedAt];
  const { givenName, familyName } = contact;
  return [
    requestId,
    reference,
    requestType,
    channel,
    status,
    ...dates,
    identity.state,
    givenName,
    familyName,
    assignee,
  ];
}

/**
 * The cases as CSV (RFC 4180, with `;` as French spreadsheets want it). Cells that a spreadsheet would take for a formula are made text; dates are
 * the stored ones, so that they are the same on every day.
 */
export async function caseCsv(
  deskList: CaseServices['deskList'],
  filter: Parameters<CaseServices['deskList']['all']>[0],
  now: Date,
): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  const rows: (readonly string[])[] = [columns];
  for await (const request of deskList.all(filter, MAX_ROWS, now)) rows.push(rowOf(request));
  return BOM + stringify(rows as string[][], { delimiter: ';', record_delimiter: 'windows', escape_formulas: true });
}
