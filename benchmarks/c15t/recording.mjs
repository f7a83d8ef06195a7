// Records consents with c15t's own backend, called as its documentation says, in this process and without a network.
// Reads how many from each line of standard input, and answers with the seconds that they took.

import { createInterface } from 'node:readline';

import { c15tInstance } from '@c15t/backend';
import { kyselyAdapter } from '@c15t/backend/db/adapters/kysely';
import { migrator } from '@c15t/backend/db/migrator';
import { DB } from '@c15t/backend/db/schema';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

const ORIGIN = 'https://example.com';
const pool = new pg.Pool({ connectionString: process.env.PEER_DATABASE, max: 1 });
const adapter = kyselyAdapter({ db: new Kysely({ dialect: new PostgresDialect({ pool }) }), provider: 'postgresql' });
const migration = await migrator({ db: DB.client(adapter), schema: 'latest' });
await migration.execute();
const backend = c15tInstance({
  appName: 'peer', basePath: '/api', trustedOrigins: [ORIGIN], adapter, logger: { level: 'error' },
});

let recorded = 0;

async function record() {
  recorded += 1;
  const subject = String(recorded % 50).replaceAll('0', 'A'); // as many people as beside it; its numbers have no zero
  const answer = await backend.handler(new Request(`${ORIGIN}/api/subjects`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: ORIGIN },
    body: JSON.stringify({
      type: 'marketing_communications', subjectId: `sub_${subject}`, domain: 'example.com',
      preferences: { newsletter: true }, givenAt: Date.now(), metadata: {},
    }),
  }));
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now();
  for (let number = 0; number < Number(line); number += 1) await record();
  console.log((performance.now() - began) / 1000);
}
await pool.end();
