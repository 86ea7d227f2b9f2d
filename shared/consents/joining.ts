import type { Stored } from '../platform/cosmos/document-store.ts';
import {
  type ConsentDecision,
  type ConsentState,
  consentIdIn,
  stateOf,
  ttlUntil,
  withDevice,
} from './consent-record.ts';
import type { ConsentStore, RecordChange } from './consent-store.ts';
import { type Choices, joined, standing } from './rules.ts';

/**
 * Joins the decisions of a device to the account that has signed in on it: each is copied into the account's record with its proof, and where
 * device and account differ, refusal wins. Which decision was the last to join stands in the account's state, written in the same batch,
 * so that each joins once, and a grant that is given to the account later is not undone by an old refusal.
 */
export async function joinDevice(
  store: ConsentStore,
  partitions: { readonly account: string; readonly device: string },
  now: Date,
): Promise<void> {
  const [device, account] = await Promise.all([store.state(partitions.device), store.state(partitions.account)]);
  if (!device) return;
  const sequenceOf = (state: ConsentState | undefined) =>
    state?.devices?.find(({ partition }) => partition === partitions.device)?.sequence ?? 0;
  if (sequenceOf(account) >= device.latest) return;
  const standsOnDevice = standing(device.choices, now);
  const ids = [...new Set(Object.values(standsOnDevice).map(({ decisionId }) => decisionId))];
  const found = await Promise.all(ids.map((id) => store.decision(partitions.device, id)));
  const decisions = found
    .filter((decision): decision is Stored<ConsentDecision> => decision !== undefined)
    .toSorted((a, b) => a.sequence - b.sequence);

  await store.change(partitions.account, (before): RecordChange | undefined => {
    const joinedBefore = sequenceOf(before);
    if (joinedBefore >= device.latest) return undefined;
    const fresh = decisions.filter(({ sequence }) => sequence > joinedBefore);
    if (fresh.length === 0) return undefined;
    const copies = fresh.map((decision, index) => copyOf(decision, (before?.latest ?? 0) + index + 1));
    const byOriginal = new Map(fresh.map(({ id }, index) => [id as string, copies[index]]));
    const onDevice: Choices = Object.fromEntries(
      Object.entries(standsOnDevice).flatMap(([purpose, choice]) => {
        const copy = byOriginal.get(choice.decisionId);
        return copy ? [[purpose, { ...choice, decisionId: copy.id, sequence: copy.sequence }]] : [];
      }),
    );
    const content = {
      latest: (before?.latest ?? 0) + copies.length,
      choices: joined(standing(before?.choices ?? {}, now), onDevice),
      signals: { gpc: device.signals.gpc || before?.signals.gpc === true },
      devices: withDevice(before?.devices, { partition: partitions.device, sequence: device.latest }),
    };
    return { decisions: copies, state: stateOf(content, now) };
  });

  function copyOf({ _etag, ...decision }: Stored<ConsentDecision>, sequence: number): ConsentDecision {
    const { endsAt } = decision;
    const id = consentIdIn(partitions.account);
    return { ...decision, id, sequence, joinedAt: now.toISOString(), ttl: ttlUntil(endsAt, now) };
  }
}
