// SPDX-License-Identifier: Apache-2.0
// Searches, includes and pages, as two FHIR clients that Ward's people did not write ask for them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { MedplumClient } from '@medplum/core';
import { address, allPages, placeOf, referencesOf, refused, ward } from './client.mjs';

const url = new URL(address);
const medplum = new MedplumClient(
    { baseUrl: `${url.origin}/`, fhirUrlPath: url.pathname.slice(1), cacheTime: 0 });
medplum.setAccessToken(process.env.WARD_TOKEN);

const system = 'http://ward.example/search-test';
const mrn = randomUUID();
const places = {};

// A patient with an encounter and five potassium values, one a month.
async function fill() {
    const reference = (name) => ({ reference: `urn:uuid:${names[name]}` });
    const names = Object.fromEntries(
        ['ward', 'patient', 'stay', 'nurse'].map((name) => [name, randomUUID()]));
    const potassium = (month) => ({
        resourceType: 'Observation', status: 'final', subject: reference('patient'),
        encounter: reference('stay'), performer: [reference('nurse')], effectiveDateTime: `2026-0${month}-15`,
        code: { coding: [{ system: 'http://loinc.org', code: '2823-3', display: 'Potassium' }] },
        valueQuantity: { value: 3 + month / 2, unit: 'mmol/L', system: 'http://unitsofmeasure.org',
            code: 'mmol/L' },
    });
    const resources = [
        ['ward', { resourceType: 'Organization', name: `Ward ${mrn}` }],
        ['nurse', { resourceType: 'Practitioner', name: [{ family: 'Nightingale' }] }],
        ['patient', { resourceType: 'Patient', identifier: [{ system, value: mrn }], gender: 'other',
            name: [{ family: 'Rossi' }], managingOrganization: reference('ward') }],
        ['stay', { resourceType: 'Encounter', status: 'finished', class: { code: 'IMP' },
            subject: reference('patient') }],
        ...[1, 2, 3, 4, 5].map((month) => [`k${month}`, potassium(month)]),
    ];
    const entry = resources.map(([name, resource]) => ({
        resource,
        fullUrl: `urn:uuid:${names[name] ?? randomUUID()}`,
        request: { method: 'POST', url: resource.resourceType },
    }));
    const answer = await ward.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry } });
    resources.forEach(([name], index) => { places[name] = placeOf(answer.entry[index].response.location); });
}
const named = (...names) => names.map((name) => places[name].reference).sort();

describe('fhir-kit-client', () => {
    before(fill);
    const search = (resourceType, searchParams, options) =>
        ward.search({ resourceType, searchParams, options });
    const find = async (...asked) => referencesOf((await search(...asked)).entry ?? []);

    it('finds a patient\'s values by the patient\'s number', async () => {
        const question = { 'patient.identifier': `${system}|${mrn}`, 'value-quantity': 'ge4.5' };
        assert.deepEqual(await find('Observation', question), named('k3', 'k4', 'k5'));
    });

    it('includes what they name, and what that names', async () => {
        const asked = { _id: places.k1.id, _include: ['Observation:subject', 'Observation:performer'],
            '_include:iterate': 'Patient:organization' };
        const { entry } = await search('Observation', asked);
        assert.deepEqual(referencesOf(entry), named('k1', 'patient', 'nurse', 'ward'));
        assert.deepEqual(entry.map(({ search: { mode } }) => mode).sort(),
            ['include', 'include', 'include', 'match']);
    });

    it('includes what names them', async () => {
        const asked = { identifier: `${system}|${mrn}`,
            _revinclude: ['Observation:subject', 'Encounter:patient'] };
        assert.deepEqual(await find('Patient', asked),
            named('patient', 'stay', 'k1', 'k2', 'k3', 'k4', 'k5'));
    });

    it('goes through sorted pages, by GET and by POST', async () => {
        for (const options of [{}, { postSearch: true }]) {
            const asked = { patient: places.patient.id, _sort: '-date', _count: 2 };
            const first = await search('Observation', asked, options);
            assert.equal(first.total, 5);
            const { entries, pages } = await allPages(first);
            assert.equal(pages, 3);
            assert.deepEqual(entries.map(({ resource }) => resource.id),
                ['k5', 'k4', 'k3', 'k2', 'k1'].map((name) => places[name].id));
        }
    });

    it('asks which patients have such a value', async () => {
        const has = async (value) => find('Patient', { identifier: `${system}|${mrn}`,
            '_has:Observation:patient:code-value-quantity': `http://loinc.org|2823-3$${value}` });
        assert.deepEqual(await has('gt5'), named('patient'));
        assert.deepEqual(await has('gt6'), []);
    });

    it('counts, and sees parts', async () => {
        const count = await search('Observation', { patient: places.patient.id, _summary: 'count' });
        assert.deepEqual([count.total, count.entry], [5, undefined]);
        const parts = await search('Observation', { _id: places.k1.id, _elements: 'value' });
        const { id, meta, ...rest } = parts.entry[0].resource;
        assert.deepEqual(Object.keys(rest).sort(), ['code', 'resourceType', 'status', 'valueQuantity']);
        assert.equal(meta.tag.at(-1).code, 'SUBSETTED');
    });

    it('is told what the server can be asked', async () => {
        const { rest: [{ resource }] } = await ward.capabilityStatement();
        const observation = resource.find(({ type }) => type === 'Observation');
        const kinds = new Map(observation.searchParam.map(({ name, type }) => [name, type]));
        assert.equal(kinds.get('value-quantity'), 'quantity');
        assert.equal(kinds.get('code-value-quantity'), 'composite');
        assert.ok(observation.searchInclude.includes('Observation:subject'));
        const patient = resource.find(({ type }) => type === 'Patient');
        assert.ok(patient.searchRevInclude.includes('Observation:subject'));
    });

    it('is refused what would look into everybody\'s chart', async () => {
        await refused(search('Observation', { 'encounter.class': 'IMP' }), 403);
        await refused(search('Patient', { '_has:Observation:patient:code': '2823-3' }), 403);
    });
});

describe('@medplum/core', () => {
    before(async () => { if (!places.patient) await fill(); });
    const ids = (...names) => names.map((name) => places[name].id);

    it('finds, sorts and counts', async () => {
        const found = await medplum.searchResources('Observation',
            { patient: places.patient.reference, _sort: 'value-quantity', _count: '3' });
        assert.deepEqual(found.map(({ id }) => id), ids('k1', 'k2', 'k3'));
        const bundle = await medplum.search('Observation',
            { patient: places.patient.reference, _total: 'accurate', _count: '1' });
        assert.equal(bundle.total, 5);
    });

    it('finds the one that it asks for', async () => {
        const patient = await medplum.searchOne('Patient', `identifier=${system}|${mrn}`);
        assert.equal(patient.id, places.patient.id);
    });

    it('goes through pages', async () => {
        const all = [];
        const asked = { patient: places.patient.reference, _sort: '-_lastUpdated,-date', _count: '2' };
        for await (const page of medplum.searchResourcePages('Observation', asked))
            all.push(...page.map(({ id }) => id));
        assert.deepEqual(all, ids('k5', 'k4', 'k3', 'k2', 'k1'));
    });

    it('gets what is included beside the matches', async () => {
        const bundle = await medplum.search('Observation',
            `_id=${places.k2.id}&_include=Observation:encounter`);
        assert.deepEqual(bundle.entry.map(({ resource }) => resource.id), ids('k2', 'stay'));
    });
});
