/**
 * The least that an endpoint with a database can be: one function that makes one plain round trip to the database process, which has nothing to do
 * for it. What the local host, `@azure/functions` and two hops over HTTP take, whatever the product does.
 */
import { Agent, request } from 'node:http';
import { app } from '@azure/functions';

const agent = new Agent({ keepAlive: true });
const url = new URL('/_local/clock', process.env.COSMOS_ENDPOINT);
const headers = { 'x-local-key': process.env.COSMOS_KEY ?? '' };

function roundTrip(): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers });
    sent.on('error', reject).on('response', (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          text += chunk;
        })
        .on('error', reject)
        .on('end', () => resolve(text));
    });
    sent.end();
  });
}

app.http('bare', {
  methods: ['GET'],
  route: 'bare',
  authLevel: 'anonymous',
  handler: async () => ({ status: 200, body: await roundTrip() }),
});
