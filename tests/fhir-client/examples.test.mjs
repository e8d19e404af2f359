// SPDX-License-Identifier: Apache-2.0
// The examples of the FHIR specification go in under their own ids and come back, to the last digit.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { assertSame, forEach, httpOf, parseExactly, placeOf, readExactly, readJson, readText, refused,
    sharedFiles, ward } from './client.mjs';

// A consent that denies takes effect: with it, the rest of that patient's chart would not come back.
const denies = (resource) =>
    resource.resourceType === 'Consent' && /"deny"|"OPTOUT"|"actor"/.test(JSON.stringify(resource));
const files = sharedFiles('fhir/examples')?.filter(({ path }) => !denies(readJson(path)));
const skip = files ? false : 'the shared data is not here';

describe('the examples of the specification', { skip }, () => {
    const put = [];
    before(async () => {
        await forEach(files, async ({ name, path }) => {
            const sent = readJson(path);
            const { resourceType, id } = sent;
            const answer = await ward.update({ resourceType, id, body: readText(path) }).catch((error) => {
                throw new Error(`${name}: ${JSON.stringify(error.response ?? error.message)}`);
            });
            const place = placeOf(httpOf(answer).headers.get('location'));
            assert.equal(httpOf(answer).status, 201, `${name} was created`);
            assert.equal(place.reference, `${resourceType}/${id}`);
            put.push({ resourceType, id, path, sent });
        });
    });

    it('are all taken', () => assert.equal(put.length, files.length));

    it('come back equal', async () => {
        await forEach(put, async ({ resourceType, id, sent }) =>
            assertSame(await ward.read({ resourceType, id }), sent, id));
    });

    it('come back with every number as it was written', async () => {
        await forEach(put, async ({ resourceType, id, path }) =>
            assertSame(await readExactly({ resourceType, id }), parseExactly(readText(path)), id));
    });

    it('with a transaction can be carried out', async () => {
        const bundle = readJson(files.find(({ name }) => name === 'Bundle-hla-1.json').path);
        const answer = await ward.transaction({ body: bundle });
        const places = answer.entry.map(({ response }) => placeOf(response.location));
        const references = new Map(
            bundle.entry.map(({ fullUrl }, index) => [fullUrl, places[index].reference]));
        await forEach(bundle.entry, async ({ resource }, index) => {
            const { resourceType, id } = places[index];
            assertSame(await ward.read({ resourceType, id }), resource, id, references);
        });
    });

    it('with a batch of questions are answered one by one', async () => {
        const bundle = readJson(files.find(({ name }) => name.endsWith('simplesummary.json')).path);
        const answer = await ward.batch({ body: bundle });
        for (const { response } of answer.entry) assert.match(response.status, /^200/);
        assert.equal(answer.entry[0].resource.id, 'example');
        for (const { resource } of answer.entry.slice(1)) assert.equal(resource.type, 'searchset');
    });

    it('with a transaction on another server are refused', async () => {
        const bundle = readJson(files.find(({ name }) => name === 'Bundle-ussg-fht.json').path);
        await refused(ward.transaction({ body: bundle }), 400);
    });
});
