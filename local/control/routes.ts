import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { FAULT_TARGETS, type Fault, type FaultTarget } from '../faults/fault.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';
import type { StaffIdentity } from '../staff-identity/staff-identity.ts';
import { ControlError, type ControlRoute } from './control-server.ts';

/** Where the identity provider is on the control port. */
export const STAFF_IDENTITY_PATH = '/staff-identity';

/** How a timer run ended: with the run record that the product left (or what is known without it), or in an error. */
export type TimerOutcome = { readonly run: unknown; readonly error?: never } | { readonly error: string };

/** What the control port can do to the local stack. */
export interface ControlledStack {
  now(): Date;
  setNow(now: Date): Promise<void>;
  /** The names of the timers; undefined while no functions process runs. */
  timers(): readonly string[] | undefined;
  runTimer(name: string): Promise<TimerOutcome>;
  faults(): ReadonlyMap<FaultTarget, Fault>;
  setFault(target: FaultTarget, fault: Fault | undefined): Promise<void>;
  reset(): Promise<void>;
  readonly mailbox: Mailbox;
  readonly staffIdentity: StaffIdentity;
  /** The fault of the identity provider, when it strikes the request at hand. */
  staffIdentityFault(): Fault | undefined;
}

const clockBody = z.strictObject({ now: z.iso.datetime({ offset: true }) });

const share = z.number().min(0).max(1);
const latencyMs = z.int().min(0).max(600_000);
const phase = z.enum(['before', 'during', 'after']).default('before');
const faultBody = z.discriminatedUnion('target', [
  z.strictObject({
    target: z.literal('cosmos'),
    rate: share.default(1),
    status: z.union([z.literal([429, 449, 503]), z.literal('reset')]).optional(),
    latencyMs: latencyMs.default(0),
    phase,
  }),
  z.strictObject({
    target: z.enum(['blob', 'mail']),
    rate: share.default(1),
    status: z.union([z.int().min(400).max(599), z.literal('reset')]).optional(),
    latencyMs: latencyMs.default(0),
    phase,
  }),
  z.strictObject({
    target: z.literal('staff-identity'),
    rate: share.default(1),
    status: z.int().min(400).max(599).optional(),
    latencyMs: latencyMs.default(0),
  }),
]);

const faultTarget = z.enum(FAULT_TARGETS).optional();

const INDEX = [
  'GET|PUT /clock {"now": "2026-11-23T09:15:00Z"}',
  'GET /timers, POST /timers/{name}',
  'GET /mail?to=, DELETE /mail',
  'GET /staff-token?roles=dpo,support&sub=&name=',
  'GET|PUT /faults {"target": "cosmos|blob|mail|staff-identity", "rate": 0.2, "status": 503, "latencyMs": 0, "phase": "before|during|after"}, DELETE /faults?target=',
  'POST /reset',
  `GET ${STAFF_IDENTITY_PATH}/.well-known/openid-configuration`,
];

/** The endpoints of the control port. */
export function controlRoutes(stack: ControlledStack): readonly ControlRoute[] {
  const now = () => ({ now: stack.now().toISOString() });
  const timers = () => {
    const names = stack.timers();
    if (names === undefined) throw new ControlError(503, 'The functions process does not run.');
    return names;
  };
  const fromIdentityProvider = async <T>(answer: T): Promise<T> => {
    const fault = stack.staffIdentityFault();
    if (fault?.latencyMs) await setTimeout(fault.latencyMs);
    if (typeof fault?.status === 'number') throw new ControlError(fault.status, 'A fault was asked for.');
    return answer;
  };
  const faults = () => ({ faults: [...stack.faults()].map(([target, fault]) => ({ target, ...fault })) });

  return [
    { path: /^\/$/, methods: { GET: () => ({ endpoints: INDEX }) } },
    {
      path: /^\/clock$/,
      methods: {
        GET: now,
        PUT: async ({ body }) => {
          await stack.setNow(new Date(read(clockBody, body).now));
          return now();
        },
      },
    },
    { path: /^\/timers$/, methods: { GET: () => ({ timers: timers() }) } },
    {
      path: /^\/timers\/([\w-]+)$/,
      methods: {
        POST: async ({ values: [name = ''] }) => {
          if (!timers().includes(name)) {
            throw new ControlError(404, `There is no timer "${name}": ${timers().join(', ') || 'none'}.`);
          }
          const outcome = await stack.runTimer(name);
          if (outcome.error !== undefined) throw new ControlError(500, `The timer "${name}" failed: ${outcome.error}`);
          return outcome.run;
        },
      },
    },
    {
      path: /^\/mail$/,
      methods: {
        GET: ({ query }) => ({ messages: stack.mailbox.list(query.get('to') ?? undefined) }),
        DELETE: () => {
          stack.mailbox.clear();
          return { messages: [] };
        },
      },
    },
    {
      path: /^\/staff-token$/,
      methods: {
        GET: async ({ query }) => {
          const roles = (query.get('roles') ?? '').split(',').filter(Boolean);
          const sub = query.get('sub') || 'staff-local';
          return { token: await stack.staffIdentity.issue({ sub, name: query.get('name') || 'Agent local', roles }) };
        },
      },
    },
    {
      path: /^\/faults$/,
      methods: {
        GET: faults,
        PUT: async ({ body }) => {
          const { target, status, ...rest } = read(faultBody, body);
          await stack.setFault(target, status === undefined ? rest : { ...rest, status });
          return faults();
        },
        DELETE: async ({ query }) => {
          const target = read(faultTarget, query.get('target') ?? undefined);
          for (const each of target === undefined ? FAULT_TARGETS : [target]) await stack.setFault(each, undefined);
          return faults();
        },
      },
    },
    {
      path: /^\/reset$/,
      methods: {
        POST: async () => {
          await stack.reset();
          return now();
        },
      },
    },
    {
      path: new RegExp(`^${STAFF_IDENTITY_PATH}/\\.well-known/openid-configuration$`),
      methods: { GET: () => fromIdentityProvider(stack.staffIdentity.configuration) },
    },
    {
      path: new RegExp(`^${STAFF_IDENTITY_PATH}/discovery/v2\\.0/keys$`),
      methods: { GET: () => fromIdentityProvider(stack.staffIdentity.jwks) },
    },
  ];
}

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ControlError(
    400,
    parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; '),
  );
}
