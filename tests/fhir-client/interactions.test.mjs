// SPDX-License-Identifier: Apache-2.0
// FHIR's interactions, each on resources of its own.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { assertSame, httpOf, placeOf, refused, ward } from './client.mjs';

const resourceType = 'Patient';
const patient = (family = 'Haddad') => ({
    resourceType,
    identifier: [{ system: 'http://ward.example/test', value: randomUUID() }],
    name: [{ family, given: ['Noor'] }],
    birthDate: '1972-03-04',
});
const create = async (body = patient()) => {
    const answer = await ward.create({ resourceType: body.resourceType, body });
    assert.equal(httpOf(answer).status, 201);
    const { headers } = httpOf(answer);
    return { ...placeOf(headers.get('location')), etag: headers.get('etag'), body };
};
const matching = (etag) => ({ headers: { 'If-Match': etag } });

describe('a resource', () => {
    it('is created with an id, a version and an ETag', async () => {
        const { id, version, etag, body } = await create();
        assert.equal(version, '1');
        assert.equal(etag, 'W/"1"');
        assertSame(await ward.read({ resourceType, id }), body, id);
    });

    it('is read with an ETag and a time', async () => {
        const { id } = await create();
        const { headers } = httpOf(await ward.read({ resourceType, id }));
        assert.equal(headers.get('etag'), 'W/"1"');
        assert.ok(!Number.isNaN(Date.parse(headers.get('last-modified'))));
    });

    it('has every version that it ever had', async () => {
        const { id, body } = await create();
        const changed = { ...body, id, birthDate: '1972-03-05' };
        const answer = await ward.update({ resourceType, id, body: changed });
        assert.equal(httpOf(answer).status, 200);
        assert.equal(httpOf(answer).headers.get('etag'), 'W/"2"');
        assertSame(await ward.vread({ resourceType, id, version: '1' }), body, id);
        assertSame(await ward.vread({ resourceType, id, version: '2' }), changed, id);
        assertSame(await ward.read({ resourceType, id }), changed, id);
        await refused(ward.vread({ resourceType, id, version: '3' }), 404);
    });

    it('is not changed on the ground of an older version', async () => {
        const { id, etag, body } = await create();
        await ward.update({ resourceType, id, body: { ...body, id }, options: matching(etag) });
        await refused(ward.update({ resourceType, id, body: { ...body, id }, options: matching(etag) }), 412);
        assert.equal((await ward.read({ resourceType, id })).meta.versionId, '2');
    });

    it('is put under the id that the client chose', async () => {
        const id = randomUUID();
        const answer = await ward.update({ resourceType, id, body: { ...patient(), id } });
        assert.equal(httpOf(answer).status, 201);
        assert.equal(placeOf(httpOf(answer).headers.get('location')).id, id);
    });

    it('is not put under another id than its own', async () => {
        for (const body of [{ ...patient(), id: 'other' }, patient()])
            await refused(ward.update({ resourceType, id: randomUUID(), body }), 400);
    });

    it('is gone once deleted, and its past is not', async () => {
        const { id, body } = await create();
        const answer = await ward.delete({ resourceType, id });
        assert.ok([200, 204].includes(httpOf(answer).status));
        await refused(ward.read({ resourceType, id }), 410);
        await refused(ward.vread({ resourceType, id, version: '2' }), 410);
        assertSame(await ward.vread({ resourceType, id, version: '1' }), body, id);
        const searchParams = { identifier: `http://ward.example/test|${body.identifier[0].value}` };
        assert.equal(((await ward.search({ resourceType, searchParams })).entry ?? []).length, 0);
    });

    it('that never was is not found', async () => {
        await refused(ward.read({ resourceType, id: randomUUID() }), 404);
    });

    it('tells its history, the latest first', async () => {
        const { id, body } = await create();
        await ward.update({ resourceType, id, body: { ...body, id, gender: 'female' } });
        await ward.delete({ resourceType, id });
        const history = await ward.history({ resourceType, id });
        assert.equal(history.type, 'history');
        assert.deepEqual(history.entry.map(({ request }) => request.method), ['DELETE', 'PUT', 'POST']);
        const versions = history.entry.map(({ resource }) => resource?.meta.versionId);
        assert.deepEqual(versions, [undefined, '2', '1']);
    });

    it('is in the history of its type, if it is about no patient', async () => {
        const body = { resourceType: 'Organization', name: 'Zorbanek' };
        const { id } = await ward.create({ resourceType: 'Organization', body });
        const { entry } = await ward.history({ resourceType: 'Organization' });
        assert.ok(entry.some(({ fullUrl }) => fullUrl.endsWith(`Organization/${id}`)));
        await refused(ward.history({ resourceType }), 403);
    });

    it('is created once only, if the client makes that its condition', async () => {
        const body = patient();
        const condition = `identifier=http://ward.example/test|${body.identifier[0].value}`;
        const options = { headers: { 'If-None-Exist': condition } };
        const first = await ward.create({ resourceType, body, options });
        const second = await ward.create({ resourceType, body, options });
        assert.equal(httpOf(first).status, 201);
        assert.equal(httpOf(second).status, 200);
        assert.equal(placeOf(httpOf(second).headers.get('location')).id,
            placeOf(httpOf(first).headers.get('location')).id);
        await create(body);
        await refused(ward.create({ resourceType, body, options }), 412);
    });
});

describe('a transaction', () => {
    it('is done as a whole or not at all', async () => {
        const body = patient();
        const entry = [
            { resource: body, request: { method: 'POST', url: resourceType } },
            { request: { method: 'DELETE', url: `${resourceType}/not/a/place` } },
        ];
        const bundle = { resourceType: 'Bundle', type: 'transaction', entry };
        await refused(ward.transaction({ body: bundle }), 400);
        const searchParams = { identifier: `http://ward.example/test|${body.identifier[0].value}` };
        assert.equal(((await ward.search({ resourceType, searchParams })).entry ?? []).length, 0);
    });

    it('resolves references between its entries', async () => {
        const fullUrl = `urn:uuid:${randomUUID()}`;
        const observation = {
            resourceType: 'Observation',
            status: 'final',
            code: { text: 'pulse' },
            subject: { reference: fullUrl },
        };
        const answer = await ward.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry: [
            { resource: observation, request: { method: 'POST', url: 'Observation' } },
            { fullUrl, resource: patient(), request: { method: 'POST', url: resourceType } },
        ] } });
        const [first, second] = answer.entry.map(({ response }) => placeOf(response.location));
        const read = await ward.read({ resourceType: 'Observation', id: first.id });
        assert.equal(read.subject.reference, second.reference);
    });
});

describe('the server', () => {
    it('says what it can do', async () => {
        const statement = await ward.capabilityStatement();
        assert.equal(statement.resourceType, 'CapabilityStatement');
        assert.equal(statement.fhirVersion, '4.0.1');
        const [rest] = statement.rest;
        assert.equal(rest.mode, 'server');
        assert.ok(rest.resource.length > 140, 'all R4 resource types');
        const { interaction, searchParam } = rest.resource.find(({ type }) => type === resourceType);
        for (const code of ['read', 'vread', 'update', 'delete', 'create', 'search-type', 'history-instance'])
            assert.ok(interaction.some((one) => one.code === code), code);
        assert.ok(searchParam.some(({ name }) => name === 'identifier'));
        assert.ok(rest.interaction.some(({ code }) => code === 'transaction'));
    });

    it('refuses a parameter that it does not know, rather than answer another question', async () => {
        const searchParams = { shoesize: '43' };
        await refused(ward.search({ resourceType, searchParams }), 400);
        await refused(ward.search({ resourceType, searchParams, options: { postSearch: true } }), 400);
        await refused(ward.search({ resourceType, searchParams: { 'name:soundslike': 'a' } }), 400);
    });

    it('refuses what is not FHIR', async () => {
        const post = (body) => ward.create({ resourceType, body });
        await refused(post('{"resourceType":"Patient"'), 400);
        await refused(post('{"resourceType":"Patient","active":true,"active":false}'), 400);
        await refused(post({ resourceType: 'Observation' }), 400);
        await refused(post({ resourceType: 'Patience' }), 400);
        await refused(ward.request('Patience/1'), 404);
    });
});
