import { createRequire } from 'node:module';
import { app } from '@azure/functions';
import { expect, test } from 'vitest';
import { createLocalClock } from '../../../local/clock.ts';
import { type FunctionsHost, startFunctionsHost } from '../../../local/functions-host/host.ts';

const handler = () => ({ body: 'here' });

function start(load: () => unknown, settings: Record<string, string> = {}): Promise<FunctionsHost> {
  return startFunctionsHost({
    port: 0,
    hostJson: {},
    settings,
    clock: createLocalClock(),
    load: async () => load(),
    timers: false,
  });
}

test.each(['admin', 'Admin/users', '/administrators', 'runtime', 'runtime/x'])(
  'the route %s is refused, for the real host keeps it for itself',
  async (route) => {
    await expect(start(() => app.get('f', { route, handler }))).rejects.toThrow(
      `The route '${route}' of function 'f' is refused`,
    );
  },
);

test('a function whose name is its route is refused like any other', async () => {
  await expect(start(() => app.get('adminList', { handler }))).rejects.toThrow("The route 'adminList'");
});

test('the prefix of host.json is api unless it names another', async () => {
  const host = await start(() => app.get('f', { route: 'x/admin', handler }));
  expect((await fetch(`${host.url}/api/x/admin`)).status).toBe(200);
  expect((await fetch(`${host.url}/x/admin`)).status).toBe(404);
  await host.close();
});

test('a name is taken once, whatever its case', async () => {
  const twice = () => {
    app.get('same', { handler });
    app.get('Same', { handler });
  };
  await expect(start(twice)).rejects.toThrow("A function named 'Same' has already been registered.");
});

test.each(['1st', 'with space', '', 'a'.repeat(129)])('the name %j is refused', async (name) => {
  await expect(start(() => app.get(name, { route: 'x', handler }))).rejects.toThrow('is not a valid function name');
});

test.each(['{id', '{id:unknown}', 'a/{*rest}/b'])('the malformed route %s is refused', async (route) => {
  await expect(start(() => app.get('f', { route, handler }))).rejects.toThrow("Function 'f' cannot be routed");
});

test.each([
  ['00:05:00', 'is not an NCRONTAB expression'],
  ['0 0 0 * * 7', "'7' is not a valid day of week"],
  ['%MISSING%', "'%MISSING%' does not resolve to an app setting."],
  ['%OPEN 0 0 * * *', "without a closing '%'"],
])('the schedule %s is refused', async (schedule, message) => {
  await expect(start(() => app.timer('job', { schedule, handler: () => undefined }))).rejects.toThrow(message);
});

test('a schedule may be made of several settings', async () => {
  const host = await start(() => app.timer('job', { schedule: '0 %MINUTE% %HOUR% * * *', handler: () => undefined }), {
    MINUTE: '30',
    HOUR: '2',
  });
  expect(host.functions).toEqual([{ name: 'job', trigger: 'timer', schedule: '0 30 2 * * *' }]);
  await host.close();
});

test('triggers and bindings that this host does not serve are refused', async () => {
  const queue = () => app.storageQueue('q', { queueName: 'n', connection: 'c', handler: () => undefined });
  await expect(start(queue)).rejects.toThrow("Function 'q' binds queueTrigger");
});

test('what the app or a start hook throws is passed on as it is', async () => {
  const fault = new Error('A is missing.\nB is missing.');
  const load = () => {
    throw fault;
  };
  await expect(start(load)).rejects.toBe(fault);
  const hook = () => {
    app.hook.appStart(() => {
      throw fault;
    });
  };
  await expect(start(hook)).rejects.toBe(fault);
});

test('the core module tells an unknown hook by a RangeError of the host, and hands over disposables', async () => {
  const host = await start(() => app.get('f', { handler }));
  const core = createRequire(import.meta.url)('@azure/functions-core');
  expect(() => core.registerHook('nonsense', () => undefined)).toThrow(RangeError);
  try {
    core.registerHook('nonsense', () => undefined);
  } catch (error) {
    expect(error).toMatchObject({ name: 'RangeError', isAzureFunctionsSystemError: true });
  }
  const disposed: number[] = [];
  core.Disposable.from({ dispose: () => disposed.push(1) }, { dispose: () => disposed.push(2) }).dispose();
  expect(disposed).toEqual([1, 2]);
  expect(core.getProgrammingModel().name).toBe('@azure/functions');
  await host.close();
});

test('a port in use is one clear error', async () => {
  const host = await start(() => app.get('f', { handler }));
  const second = startFunctionsHost({
    port: host.port,
    hostJson: {},
    settings: {},
    clock: createLocalClock(),
    load: async () => undefined,
  });
  await expect(second).rejects.toThrow(`Port ${host.port} is already in use.`);
  await host.close();
});

test('closing lets a request under way end, and closing twice is closing once', async () => {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const host = await start(() =>
    app.get('slow', {
      handler: async () => {
        entered.resolve();
        await gate.promise;
        return { body: 'done' };
      },
    }),
  );
  const answer = fetch(`${host.url}/api/slow`);
  await entered.promise;
  const closed = host.close();
  await expect(fetch(`${host.url}/api/slow`)).rejects.toThrow();
  gate.resolve();
  expect(await (await answer).text()).toBe('done');
  await closed;
  await host.close();
});
