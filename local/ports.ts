import { createServer, type Server } from 'node:net';
import { oneLine, StartFailure } from './start-failure.ts';

/** Nothing of the local stack can be reached from another machine. */
export const LOOPBACK = '127.0.0.1';

/**
 * Starts to listen on the loopback address; 0 takes a free port. Answers the port.
 *
 * @param setting the setting that chooses another port, for the message.
 * @throws StartFailure when the port is taken or not allowed.
 */
export function listen(server: Server, port: number, setting?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const advice = setting === undefined ? '' : `, or choose another port with ${setting}`;
      reject(
        new StartFailure(
          error.code === 'EADDRINUSE'
            ? `Port ${port} is in use: stop what listens there${advice}.`
            : `Port ${port} cannot be listened on: ${oneLine(error)}`,
        ),
      );
    };
    server.once('error', onError);
    server.listen(port, LOOPBACK, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/**
 * Ports that no operating system takes for an outgoing connection by itself (Linux does so from 32768 on, others from 49152): one that was found free
 * is still free when the process that is to listen on it has started, and when it starts again.
 */
const FIRST_QUIET_PORT = 20_000;
const QUIET_PORTS = 12_000;
/** Ports that a process tries one after the other before those of another process come. */
const OWN_PORTS = 16;
let tried = 0;

/** Checks that a port is free, or finds a free one when it is 0, for a process that is started next. */
export async function findPort(port: number, setting: string): Promise<number> {
  if (port !== 0) return probed(port, setting);
  for (let left = QUIET_PORTS; ; left -= 1) {
    const candidate = FIRST_QUIET_PORT + ((process.pid * OWN_PORTS + tried) % QUIET_PORTS);
    tried += 1;
    try {
      return await probed(candidate, setting);
    } catch (error) {
      if (!(error instanceof StartFailure) || left === 1) throw error;
    }
  }
}

async function probed(port: number, setting: string): Promise<number> {
  const server = createServer();
  const found = await listen(server, port, setting);
  await new Promise((resolve) => server.close(resolve));
  return found;
}
