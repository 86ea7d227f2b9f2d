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

/** Checks that a port is free, or finds a free one when it is 0, for a process that is started next. */
export async function findPort(port: number, setting: string): Promise<number> {
  const server = createServer();
  const found = await listen(server, port, setting);
  await new Promise((resolve) => server.close(resolve));
  return found;
}
