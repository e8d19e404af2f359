// SPDX-License-Identifier: Apache-2.0
// The provider changes its keys, and goes away, while Ward runs.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { clientWith, refused, ward } from '../client.mjs';
import { tokenOf } from '../provider.mjs';
import { until } from '../running_ward.mjs';

const issuer = process.env.WARD_TEST_ISSUER;
const resourceType = 'Patient';
const id = 'amal';
const tell = async (what) => {
    const answer = await fetch(`${issuer}/test/${what}`, { method: 'POST' });
    assert.equal(answer.status, 200);
};
const keyOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
const isRead = (token) =>
    clientWith(token).read({ resourceType, id }).then(() => true, () => false);

describe('a provider', () => {
    const old = [];   // tokens of its first key, each used once
    before(async () => {
        await ward.update({ resourceType, id, body: { resourceType, id } });
        for (let count = 0; count < 3; count += 1) old.push(await tokenOf(issuer, 'chart-viewer'));
        assert.ok(await isRead(old.pop()));
    });

    // Ward asks for keys that it does not know no more often than every 30 seconds.
    const comesIn = (token) => until(() => isRead(token), 'the new key is known', 500);

    it('with a new key is believed when Ward asks again, and its old key while it shows it', async () => {
        await tell('new-keys?keep=yes');
        const token = await tokenOf(issuer, 'chart-viewer');
        assert.notEqual(keyOf(token), keyOf(old[0]));
        await comesIn(token);
        assert.ok(await isRead(old.pop()));
    });

    it('that took its old key back is no longer believed by it', async () => {
        await tell('new-keys');
        const token = await tokenOf(issuer, 'chart-viewer');
        await comesIn(token);
        await refused(clientWith(old.pop()).read({ resourceType, id }), 401);
    });

    it('that is away leaves its signed tokens as they are, and nobody answers for opaque ones', async () => {
        const signed = await tokenOf(issuer, 'chart-viewer');
        const opaque = await tokenOf(issuer, 'old-viewer');
        await tell('away');
        assert.ok(await isRead(signed));
        await refused(clientWith(opaque).read({ resourceType, id }), 503);
        await refused(clientWith('nonsense').read({ resourceType, id }), 503);
    });
});
