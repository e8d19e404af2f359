// SPDX-License-Identifier: Apache-2.0
// No token, no data; and with a token, what it allows.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { clientWith, httpOf, placeOf, refused, ward } from './client.mjs';

const resourceType = 'Patient';
const body = { resourceType, name: [{ family: 'Okafor' }] };

describe('access', () => {
    const reader = clientWith(process.env.WARD_TOKEN_PATIENT_READER);
    let id;
    before(async () => {
        const answer = await ward.create({ resourceType, body });
        id = placeOf(httpOf(answer).headers.get('location')).id;
    });

    it('is refused without a token, or with one that is not Ward\'s', async () => {
        const [head, claims, signature] = process.env.WARD_TOKEN.split('.');
        const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
        const forged = signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
        for (const token of [undefined, 'nonsense', `${head}.${claims}.`, `${unsigned}.${claims}.`,
            `${head}.${claims}.${forged}`, `${head}.${signature}.${claims}`]) {
            const client = clientWith(token);
            await refused(client.read({ resourceType, id }), 401);
            await refused(client.search({ resourceType, searchParams: { family: 'Okafor' } }), 401);
            await refused(client.create({ resourceType, body }), 401);
        }
    });

    it('does not tell whether a record exists to one who may not see it', async () => {
        const answers = [];
        for (const one of [id, 'there-is-none'])
            answers.push(await refused(clientWith().read({ resourceType, id: one }), 401));
        assert.deepEqual(answers[0].issue, answers[1].issue);
    });

    it('is given as far as the scope reaches', async () => {
        assert.equal((await reader.read({ resourceType, id })).id, id);
        const found = await reader.search({ resourceType, searchParams: { family: 'Okafor' } });
        assert.ok(found.entry.some(({ resource }) => resource.id === id));
    });

    it('is refused beyond it', async () => {
        await refused(reader.create({ resourceType, body }), 403);
        await refused(reader.update({ resourceType, id, body: { ...body, id } }), 403);
        await refused(reader.delete({ resourceType, id }), 403);
        await refused(reader.read({ resourceType: 'Observation', id: 'any' }), 403);
        await refused(reader.search({ resourceType: 'Observation', searchParams: { patient: id } }), 403);
    });

    it('gives of everything only what the scope reaches', async () => {
        const observation = { resourceType: 'Observation', status: 'final', code: { text: 'pulse' },
            subject: { reference: `Patient/${id}` } };
        await ward.create({ resourceType: 'Observation', body: observation });
        const everything = { name: 'everything', resourceType, id, method: 'get' };
        const types = async (client) =>
            (await client.operation(everything)).entry.map(({ resource }) => resource.resourceType).sort();
        assert.deepEqual(await types(ward), ['Observation', 'Patient']);
        assert.deepEqual(await types(reader), ['Patient']);
    });

    it('is for pages of the sites that are named, and of no other', async () => {
        const from = async (origin, method, more = {}) => {
            const { status, headers } = await fetch(`${process.env.WARD_ADDRESS}/Patient/${id}`,
                { method, headers: { origin, ...more } });
            return { status, allowed: headers.get('access-control-allow-origin') };
        };
        const asks = { 'access-control-request-method': 'GET',
            'access-control-request-headers': 'authorization' };
        const asked = { authorization: `Bearer ${process.env.WARD_TOKEN}` };
        const [app, other] = ['https://app.example', 'https://other.example'];
        assert.deepEqual(await from(app, 'OPTIONS', asks), { status: 204, allowed: app });
        assert.deepEqual(await from(app, 'GET', asked), { status: 200, allowed: app });
        assert.deepEqual(await from(app, 'GET'), { status: 401, allowed: app });
        assert.equal((await from(other, 'OPTIONS', asks)).allowed, null);
        assert.deepEqual(await from(other, 'GET', asked), { status: 200, allowed: null });
    });

    it('is refused beyond it inside a transaction, which then does nothing', async () => {
        const entry = [{ resource: body, request: { method: 'POST', url: resourceType } }];
        const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
        await refused(reader.transaction({ body: bundle }), 403);
    });
});
