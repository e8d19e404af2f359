// SPDX-License-Identifier: Apache-2.0
// Patches, conditional writes, preferences, validation and exports, as clients do them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { before, describe, it } from 'node:test';
import { address, httpOf, placeOf, refused, ward } from './client.mjs';

const number = () => `op-${Math.random().toString(36).slice(2)}`;
const patient = (value) => ({
    resourceType: 'Patient',
    identifier: [{ system: 'urn:example:operations', value }],
    name: [{ family: 'Zorbanek' }],
});

const asUser = (token, extra = {}) => ({ authorization: `Bearer ${token}`, ...extra });
const mine = (extra) => asUser(process.env.WARD_TOKEN, extra);

describe('JSON Patch', () => {
    it('changes what it names, and refuses what does not hold', async () => {
        const { id } = placeOf(httpOf(await ward.create({ resourceType: 'Patient', body: patient(number()) }))
            .headers.get('location'));
        const patched = await ward.patch({ resourceType: 'Patient', id, JSONPatch: [
            { op: 'test', path: '/name/0/family', value: 'Zorbanek' },
            { op: 'add', path: '/name/0/given', value: ['Quilithe'] },
        ] });
        assert.deepEqual(patched.name, [{ family: 'Zorbanek', given: ['Quilithe'] }]);
        assert.equal(patched.meta.versionId, '2');
        await refused(ward.patch({ resourceType: 'Patient', id, JSONPatch: [
            { op: 'test', path: '/name/0/family', value: 'Haddad' }] }), 422);
    });
});

describe('a conditional update', () => {
    it('creates, then updates, and a conditional delete removes', async () => {
        const value = number();
        const url = `${address}/Patient?identifier=urn:example:operations|${value}`;
        const headers = mine({ 'content-type': 'application/fhir+json' });
        const put = () => fetch(url, { method: 'PUT', headers, body: JSON.stringify(patient(value)) });
        assert.equal((await put()).status, 201);
        const again = await put();
        assert.equal(again.status, 200);
        const { id, meta } = await again.json();
        assert.equal(meta.versionId, '2');
        assert.equal((await fetch(url, { method: 'DELETE', headers: mine() })).status, 204);
        await refused(ward.read({ resourceType: 'Patient', id }), 410);
    });
});

describe('Prefer: return', () => {
    it('says how much of a change comes back', async () => {
        const create = async (preference) => {
            const headers = mine({ 'content-type': 'application/fhir+json', prefer: `return=${preference}` });
            const body = JSON.stringify(patient(number()));
            const response = await fetch(`${address}/Patient`, { method: 'POST', headers, body });
            assert.equal(response.status, 201);
            assert.ok(response.headers.get('location'));
            return response.text();
        };
        assert.equal(await create('minimal'), '');
        assert.equal(JSON.parse(await create('representation')).resourceType, 'Patient');
        assert.equal(JSON.parse(await create('OperationOutcome')).resourceType, 'OperationOutcome');
    });
});

describe('$validate', () => {
    const validate = (body) => ward.operation({ name: 'validate', resourceType: 'Patient', input: body });

    it('finds nothing wrong with what is right', async () => {
        const outcome = await validate(patient('1'));
        assert.deepEqual(outcome.issue.map(({ severity }) => severity), ['information']);
    });

    it('says where something is wrong', async () => {
        const outcome = await validate({ resourceType: 'Patient', gender: 'f', nickname: 'x' });
        assert.deepEqual(outcome.issue.map(({ code, expression }) => [code, ...expression]),
            [['code-invalid', 'Patient.gender'], ['structure', 'Patient.nickname']]);
    });
});

// What `ward` prints; the operators' files are beside the passphrase.
function run(...words) {
    const made = spawnSync(process.env.WARD_PROGRAM, words, { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    return made.stdout.trim();
}

describe('an export', () => {
    const data = ['--data', process.env.WARD_DATA];
    const token = process.env.WARD_TOKEN_EXPORTER;
    const asOperator = (name) => ['--as', name, '--key', `${process.env.WARD_FOLDER}/${name}.key`,
        '--passphrase-file', process.env.WARD_PASSPHRASE_FILE];
    const start = (path, extra = {}) => fetch(`${address}/${path}`,
        { headers: asUser(token, { accept: 'application/fhir+json', prefer: 'respond-async', ...extra }) });

    // Asks until it is ready, as the guide says: https://hl7.org/fhir/uv/bulkdata/export.html
    async function complete(kickedOff) {
        assert.equal(kickedOff.status, 202, await kickedOff.text());
        const place = kickedOff.headers.get('content-location');
        for (let tries = 0; tries < 50; tries += 1) {
            const status = await fetch(place, { headers: asUser(token) });
            if (status.status === 200) return { place, manifest: await status.json() };
            assert.equal(status.status, 202, await status.text());
            assert.ok(status.headers.get('x-progress'));
            assert.ok(Number(status.headers.get('retry-after')) > 0);
            await pause(100);
        }
        return assert.fail('the export does not end');
    }

    async function download({ url }) {
        const response = await fetch(url, { headers: asUser(token, { accept: 'application/fhir+ndjson' }) });
        assert.equal(response.status, 200);
        assert.match(response.headers.get('content-type'), /^application\/fhir\+ndjson/);
        const text = await response.text();
        assert.ok(text.endsWith('\n'));
        return text.trimEnd().split('\n').map((line) => JSON.parse(line));
    }

    let one;
    let other;
    before(async () => {
        [one, other] = await Promise.all([1, 2].map(async () => {
            const answer = await ward.create({ resourceType: 'Patient', body: patient(number()) });
            return placeOf(httpOf(answer).headers.get('location')).id;
        }));
        const observation = (id) => ({ resourceType: 'Observation', status: 'final', code: { text: 'pulse' },
            subject: { reference: `Patient/${id}` } });
        for (const id of [one, other])
            await ward.create({ resourceType: 'Observation', body: observation(id) });
        await ward.update({ resourceType: 'Group', id: 'operations', body: { resourceType: 'Group',
            id: 'operations', type: 'person', actual: true,
            member: [{ entity: { reference: `Patient/${one}` } }] } });
    });

    it('is refused until two people have signed', async () => {
        const refusal = await start('Group/operations/$export');
        assert.equal(refusal.status, 403);
        assert.match((await refusal.json()).issue[0].diagnostics, /two people/);
        for (const name of ['amal', 'bruno'])
            run('grant', 'enroll', ...data, ...asOperator(name),
                '--ward-passphrase-file', process.env.WARD_PASSPHRASE_FILE);
        const id = run('grant', 'request', ...data, ...asOperator('amal'), '--user', 'exporter',
            '--charts', '50000', '--hours', '1', '--reason', 'A transfer for a test');
        assert.equal((await start('Group/operations/$export')).status, 403, 'one person is not enough');
        const alone = spawnSync(process.env.WARD_PROGRAM,
            ['grant', 'approve', ...data, ...asOperator('amal'), id]);
        assert.notEqual(alone.status, 0);
        run('grant', 'approve', ...data, ...asOperator('bruno'), id);
        assert.match(run('grant', 'list', ...data), /active/);
        const { manifest } = await complete(await start('Group/operations/$export'));
        assert.deepEqual(manifest.error, []);
    });

    it('of a group gives the charts of its members and of nobody else', async () => {
        const path = 'Group/operations/$export?_type=Patient,Observation';
        const { manifest } = await complete(await start(path));
        assert.equal(manifest.requiresAccessToken, true);
        assert.deepEqual(manifest.output.map(({ type }) => type).sort(), ['Observation', 'Patient']);
        for (const output of manifest.output) {
            for (const resource of await download(output)) {
                assert.equal(resource.resourceType, output.type);
                assert.equal(resource.subject?.reference ?? `Patient/${resource.id}`, `Patient/${one}`);
            }
        }
    });

    it('of all patients gives every one', async () => {
        const path = 'Patient/$export?_type=Patient&_outputFormat=ndjson';
        const { manifest } = await complete(await start(path));
        const ids = (await Promise.all(manifest.output.map(download))).flat().map(({ id }) => id);
        assert.ok(ids.includes(one) && ids.includes(other));
        assert.equal(new Set(ids).size, ids.length);
    });

    it('gives only what changed since', async () => {
        const since = new Date(Date.now() - 1).toISOString();
        const { id } = placeOf(httpOf(await ward.create({ resourceType: 'Patient', body: patient(number()) }))
            .headers.get('location'));
        const { manifest } = await complete(await start(`$export?_type=Patient&_since=${since}`));
        const ids = (await Promise.all(manifest.output.map(download))).flat().map((resource) => resource.id);
        assert.ok(ids.includes(id) && !ids.includes(one));
    });

    it('is seen by nobody else, and can be cancelled', async () => {
        const { place, manifest } = await complete(await start('Group/operations/$export'));
        for (const url of [place, manifest.output[0].url])
            assert.equal((await fetch(url, { headers: mine() })).status, 404);
        assert.equal((await fetch(place, { method: 'DELETE', headers: asUser(token) })).status, 202);
        assert.equal((await fetch(place, { headers: asUser(token) })).status, 404);
    });

    it('refuses what it does not heed', async () => {
        assert.equal((await start('$export', { prefer: 'return=minimal' })).status, 400);
        assert.equal((await start('$export?_elements=id')).status, 400);
        assert.equal((await start('$export?_type=Chart')).status, 400);
        assert.equal((await start('$export?_outputFormat=text/csv')).status, 400);
        const forAnother = await fetch(`${address}/$export`, { headers: mine({ prefer: 'respond-async' }) });
        assert.equal(forAnother.status, 403, 'the grant names another user');
    });
});
