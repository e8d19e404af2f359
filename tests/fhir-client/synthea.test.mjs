// SPDX-License-Identifier: Apache-2.0
// A hospital of 30 invented patients goes in and comes back.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { allPages, assertSame, forEach, httpOf, parseExactly, placeOf, readExactly, readJson, readText,
    referencesOf, refused, sharedFiles, ward, withReferences } from './client.mjs';

const files = sharedFiles('fhir/synthea');
const skip = files ? false : 'the shared data is not here';

// What was sent, with the place that the server gave it.
const loaded = [];
const references = new Map();   // urn:uuid:… and Type?identifier=… to Type/id

function remember(text, answer) {
    const [bundle, exact] = [JSON.parse(text), parseExactly(text)];
    assert.equal(answer.entry.length, bundle.entry.length, 'an answer for each entry');
    bundle.entry.forEach((entry, index) => {
        const { response } = answer.entry[index];
        assert.match(response.status, /^20[01]/, JSON.stringify(response));
        const place = placeOf(response.location);
        references.set(entry.fullUrl, place.reference);
        for (const { system, value } of entry.resource.identifier ?? [])
            references.set(`${place.resourceType}?identifier=${system}|${value}`, place.reference);
        const created = response.status.startsWith('201');
        loaded.push({ ...place, sent: entry.resource, exact: exact.entry[index].resource, created });
    });
}

describe('the Synthea hospital', { skip }, () => {
    before(async () => {
        const [batches, transactions] = [[], []];
        for (const file of files) (file.name.startsWith('0-') ? batches : transactions).push(file);
        for (const file of batches) {
            const body = readText(file.path);
            const answer = await ward.batch({ body });
            assert.equal(answer.type, 'batch-response');
            remember(body, answer);
        }
        await forEach(transactions, async (file) => {
            const body = readText(file.path);
            const answer = await ward.transaction({ body });
            assert.equal(answer.type, 'transaction-response');
            remember(body, answer);
        }, 4);
    });

    it('is there whole', () => assert.ok(loaded.length > 20_000));

    it('comes back equal, resource by resource, with references to where the others are now', async () => {
        await forEach(loaded.filter(({ created }) => created), async ({ resourceType, id, sent }) => {
            assertSame(await ward.read({ resourceType, id }), sent, id, references);
        });
    });

    it('comes back with every number as it was written', async () => {
        const trailingZero = /"number -?\d+\.\d*0"/;
        const some = loaded.filter((one) => one.created && trailingZero.test(JSON.stringify(one.exact)));
        assert.ok(some.length > 0);
        await forEach(some.slice(0, 2000), async ({ resourceType, id, exact }) =>
            assertSame(await readExactly({ resourceType, id }), exact, id, references));
    });

    it('has no reference left to a place in a bundle, nor one by a search', async () => {
        await forEach(loaded, ({ sent }) => {
            const text = JSON.stringify(withReferences(sent, references));
            assert.doesNotMatch(text, /"reference":"(urn:uuid:|[A-Za-z]+\?)/);
        });
    });

    it('is not loaded twice by a conditional create', async () => {
        const bundle = readJson(files.find(({ name }) => name.startsWith('0-hospital')).path);
        const answer = await ward.batch({ body: bundle });
        answer.entry.forEach(({ response }, index) => {
            assert.match(response.status, /^200/);
            assert.equal(placeOf(response.location).reference, references.get(bundle.entry[index].fullUrl));
        });
    });

    it('gives everything of a patient, and nothing of another', async () => {
        const { path } = sharedFiles('fhir/definitions').find(({ name }) => name.startsWith('compartment'));
        const inside = new Set(readJson(path).resource.filter(({ param }) => param).map(({ code }) => code));
        const patients = loaded.filter(({ resourceType }) => resourceType === 'Patient').slice(0, 5);
        for (const { id, reference } of patients) {
            const about = (sent) => [sent.subject, sent.patient].some(
                (link) => link && references.get(link.reference) === reference);
            const expected = loaded.filter((one) => inside.has(one.resourceType) && about(one.sent))
                .map((one) => one.reference);
            const operation = { name: 'everything', resourceType: 'Patient', id, method: 'get' };
            const first = await ward.operation(operation);
            const found = new Set(referencesOf((await allPages(first)).entries));
            assert.ok(found.has(reference), 'the patient');
            for (const one of expected) assert.ok(found.has(one), `${one} of ${reference}`);
            const others = loaded.filter(({ sent }) => (sent.subject ?? sent.patient) && !about(sent));
            for (const { reference: other } of others) assert.ok(!found.has(other), `${other} is another's`);
        }
    });

    describe('searched', () => {
        let patient;
        let observations;
        before(() => {
            // The patient with most observations has pages of them.
            const byPatient = new Map();
            for (const place of loaded.filter(({ resourceType }) => resourceType === 'Observation')) {
                const subject = references.get(place.sent.subject.reference);
                byPatient.set(subject, [...(byPatient.get(subject) ?? []), place]);
            }
            [[patient, observations]] = [...byPatient].sort((a, b) => b[1].length - a[1].length);
        });

        const search = async (searchParams, options = {}) =>
            ward.search({ resourceType: 'Observation', searchParams: { patient, ...searchParams }, options });
        const expectFound = async (searchParams, wanted) => {
            const expected = observations.filter(({ sent }) => wanted(sent)).map((one) => one.reference);
            assert.ok(expected.length > 0 && expected.length < observations.length, 'a fair question');
            const { entries } = await allPages(await search(searchParams));
            assert.deepEqual(referencesOf(entries), expected.sort());
        };

        it('finds all of a patient over pages, each once', async () => {
            const first = await search({ _count: 100 });
            assert.equal(first.type, 'searchset');
            assert.equal(first.entry.length, 100);
            const { entries, pages } = await allPages(first);
            assert.equal(pages, Math.ceil(observations.length / 100));
            assert.deepEqual(referencesOf(entries), observations.map(({ reference }) => reference).sort());
            for (const { search: how } of entries) assert.equal(how.mode, 'match');
        });

        it('finds the same by POST', async () => {
            const code = 'http://loinc.org|8302-2';
            const byGet = await search({ code, _count: 1000 });
            const byPost = await search({ code, _count: 1000 }, { postSearch: true });
            assert.ok(byGet.entry.length > 0);
            assert.deepEqual(referencesOf(byPost.entry), referencesOf(byGet.entry));
        });

        it('finds by a code, with its system and without', async () => {
            const has = ({ code }) => code.coding.some((one) => one.code === '8302-2');
            await expectFound({ code: 'http://loinc.org|8302-2' }, has);
            await expectFound({ code: '8302-2' }, has);
        });

        it('finds by one code or another', async () => {
            await expectFound({ code: '8302-2,29463-7' }, ({ code }) =>
                code.coding.some((one) => ['8302-2', '29463-7'].includes(one.code)));
        });

        it('finds by a range of dates, which is one and the other', async () => {
            const times = observations.map(({ sent }) => sent.effectiveDateTime).sort((a, b) =>
                Date.parse(a) - Date.parse(b));
            const [from, to] = [times[Math.floor(times.length / 4)], times[Math.floor(times.length / 2)]];
            await expectFound({ date: [`ge${from}`, `lt${to}`] }, ({ effectiveDateTime: time }) =>
                Date.parse(time) >= Date.parse(from) && Date.parse(time) < Date.parse(to));
        });

        it('finds by a code and a category together', async () => {
            const category = 'laboratory';
            await expectFound({ category }, (sent) =>
                sent.category.some(({ coding }) => coding.some((one) => one.code === category)));
            const none = await search({ category, code: '8302-2' });
            assert.equal((none.entry ?? []).length, 0);
        });

        it('finds by a reference to an encounter', async () => {
            const encounter = observations[0].sent.encounter.reference;
            await expectFound({ encounter: references.get(encounter) }, (sent) =>
                sent.encounter.reference === encounter);
        });

        it('finds a patient by name, birth date and identifier', async () => {
            const { sent } = loaded.find(({ reference }) => reference === patient);
            const family = sent.name[0].family;
            const identifier = `${sent.identifier[0].system}|${sent.identifier[0].value}`;
            for (const searchParams of [{ family }, { name: family.slice(0, 4).toLowerCase() },
                { birthdate: sent.birthDate }, { identifier }, { family, birthdate: sent.birthDate }]) {
                const first = await ward.search({ resourceType: 'Patient', searchParams });
                const { entries } = await allPages(first);
                assert.ok(referencesOf(entries).includes(patient), JSON.stringify(Object.keys(searchParams)));
            }
        });

        it('refuses a clinical question about all patients, and says what to do', async () => {
            const outcome = await refused(
                ward.search({ resourceType: 'Condition', searchParams: { code: '44054006' } }), 403);
            assert.match(JSON.stringify(outcome), /patient/);
        });

        it('answers with the address of what it found', async () => {
            const answer = await search({ _count: 1 });
            assert.ok(answer.entry[0].fullUrl.endsWith(referencesOf(answer.entry)[0]));
            assert.match(httpOf(answer).headers.get('content-type'), /^application\/fhir\+json/);
        });
    });
});
