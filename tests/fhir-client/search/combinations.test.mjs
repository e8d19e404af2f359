// SPDX-License-Identifier: Apache-2.0
// The combinations of US Core 6.1.0, and each kind of parameter with its modifiers and prefixes, against a
// slow search over the plain JSON. What is searched for is taken from the data.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { address, readJson, sharedFiles, ward } from '../client.mjs';
import { codingsOf, parameterOf } from './reference_search.mjs';
import { agree, fill, found, ofType, skip } from './hospital.mjs';

const texts = {
    token: (value) => {
        const [system, code] = codingsOf(value)[0];
        return system ? `${system}|${code}` : code;
    },
    string: (value) => value,
    date: (value) => (typeof value === 'string' ? value.slice(0, 10) : `ge${value.start.slice(0, 10)}`),
    reference: (value) => value.reference,
    uri: (value) => value,
    number: (value) => String(value),
    quantity: ({ value, system, code }) => `${value}|${system}|${code}`,
};
const hasSeparator = (text) => /[,$\\]/.test(text);

// Searches for what a resource itself has in each of the parameters; null if it lacks one.
function questionAbout(resource, names) {
    const question = {};
    for (const name of names) {
        const { kind, of } = parameterOf(resource.resourceType, name);
        const value = of(resource).find((one) => !(kind === 'reference' && !one.reference));
        const is_period = kind === 'date' && typeof value === 'object';
        if (value === undefined || (is_period && !value.start)) return null;
        question[name] = texts[kind](value);
        if (hasSeparator(question[name])) return null;
    }
    return question;
}

const spread = (items, count) =>
    items.filter((_, index) => index % Math.ceil(items.length / count) === 0).slice(0, count);

describe('search', { skip }, () => {
    before(fill);

    describe('by the combinations of US Core', () => {
        const combinations = skip ? [] : readJson(
            sharedFiles('fhir/conformance').find(({ name }) => name.includes('search-combos')).path);
        it('there are all 101 of them', () => assert.equal(combinations.length, 101));
        for (const { resource: type, params } of combinations) {
            it(`${type}?${params.join('&')}`, async () => {
                const questions = spread(ofType(type).map((one) => questionAbout(one, params))
                    .filter((question) => question), 6);
                let most = 0;
                for (const question of questions) most = Math.max(most, await agree(type, question));
                if (questions.length > 0) assert.ok(most > 0, 'something was found');
                // What Synthea never says, such as when a condition was asserted beside its onset.
                else assert.fail(`no ${type} has ${params.join(' and ')}`);
            });
        }
    });

    describe('by one parameter', () => {
        let patient;
        let observations;
        before(() => {
            const counts = new Map();
            for (const { subject } of ofType('Observation'))
                counts.set(subject.reference, (counts.get(subject.reference) ?? 0) + 1);
            [[patient]] = [...counts].filter(([reference]) => reference.startsWith('Patient/'))
                .sort((a, b) => Math.abs(a[1] - 300) - Math.abs(b[1] - 300));
            observations = ofType('Observation').filter(({ subject }) => subject.reference === patient);
        });
        const ask = (question, type = 'Observation') => agree(type, { patient, ...question });
        const askFairly = async (question) => {
            const count = await ask(question);
            assert.ok(count > 0 && count < observations.length, `${JSON.stringify(question)} finds ${count}`);
        };

        it('finds dates by each prefix and at each precision', async () => {
            const times = observations.map(({ effectiveDateTime }) => effectiveDateTime).sort();
            const time = times[Math.floor(times.length / 2)];
            for (const prefix of ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'])
                for (const text of [time, time.slice(0, 10), time.slice(0, 7), time.slice(0, 4)])
                    await ask({ date: prefix + text });
            await askFairly({ date: `gt${time}` });
        });

        it('finds periods by each prefix', async () => {
            const { period } = ofType('Encounter').find(({ subject }) => subject.reference === patient);
            for (const prefix of ['', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'])
                for (const text of [period.start, period.start.slice(0, 10), period.start.slice(0, 4)])
                    await ask({ date: prefix + text }, 'Encounter');
        });

        it('finds quantities by each prefix, with units and without', async () => {
            const weight = observations.find(({ code }) => code.coding?.[0].code === '29463-7');
            const { value, code, system } = weight.valueQuantity;
            for (const prefix of ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'])
                for (const number of [String(value), value.toFixed(0), value.toFixed(1)])
                    for (const unit of ['', `|${system}|${code}`, `||${code}`])
                        await ask({ 'value-quantity': prefix + number + unit });
            await askFairly({ 'value-quantity': `ge${value}|${system}|${code}` });
            assert.equal(await ask({ 'value-quantity': `${value}|http://other.example|${code}` }), 0);
        });

        it('finds numbers by each prefix', async () => {
            const { subject } = ofType('RiskAssessment')[0];
            for (const prefix of ['', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'])
                for (const number of ['0.25', '0.3', '0.031', '0'])
                    await agree('RiskAssessment',
                        { patient: subject.reference, probability: prefix + number });
        });

        it('finds tokens by system and code, one of them, another one, or their text', async () => {
            const [coding] = observations[0].code.coding;
            for (const code of [coding.code, `${coding.system}|${coding.code}`, `|${coding.code}`,
                `${coding.system}|`, `${coding.code},29463-7`]) await ask({ code });
            await askFairly({ 'code:not': coding.code });
            await askFairly({ 'code:not': `${coding.code},29463-7` });
            await askFairly({ 'code:text': coding.display.slice(0, 6) });
            await askFairly({ 'code:text': coding.display.toUpperCase() });
        });

        it('tells what is missing', async () => {
            for (const name of ['value-quantity', 'value-concept', 'encounter', 'value-string', 'date'])
                for (const missing of ['true', 'false']) await ask({ [`${name}:missing`]: missing });
            await askFairly({ 'value-quantity:missing': 'true' });
        });

        it('finds strings from their beginning, exactly, or inside', async () => {
            const { name: [{ family, given: [given] }] } = ofType('Patient')[0];
            for (const question of [{ family }, { family: family.toUpperCase() },
                { family: family.slice(0, 3) }, { 'family:exact': family },
                { 'family:exact': family.toUpperCase() }, { name: given }])
                await agree('Patient', question);
            const { birthDate } = ofType('Patient')[0];
            await agree('Patient',
                { birthdate: birthDate.slice(0, 4), 'family:contains': family.slice(2, 5) });
            await agree('RelatedPerson', { name: 'angstrom' });
            await agree('RelatedPerson', { name: 'ang' });
            await agree('Organization', { 'name:contains': 'HOSPITAL' });
            await agree('Organization', { address: 'ma' });
        });

        it('finds URIs, and those above and below', async () => {
            const { subject, questionnaire } = ofType('QuestionnaireResponse')[0];
            for (const [name, value] of [['_profile', 'http://ward.example/StructureDefinition/gait'],
                ['_profile:below', 'http://ward.example/StructureDefinition'],
                ['_profile:below', 'http://ward.ex'],
                ['_profile:above', 'http://ward.example/StructureDefinition/gait/fine']])
                await agree('Observation',
                    { patient: ofType('Specimen')[0].subject.reference, [name]: value });
            const question = { patient: subject.reference, questionnaire };
            assert.ok(await agree('QuestionnaireResponse', question) > 0);
        });

        it('finds by tag and by security label', async () => {
            const { subject } = ofType('Specimen')[0];
            for (const question of [{ _tag: 'http://ward.example/tag|seen' }, { _tag: 'seen' },
                { _tag: 'unseen' }, { _security: 'R' }, { '_security:not': 'R' }])
                await agree('Observation', { patient: subject.reference, ...question });
        });

        it('takes a relative and an absolute reference for the same', async () => {
            const { subject: { reference } } = ofType('Specimen')[0];
            for (const one of [reference, reference.slice(8), `${address}/${reference}`])
                assert.ok(await agree('Observation', { patient: one, code: '29463-7' }) > 0);
            const gait = { patient: `${address}/${reference}`, date: '2026-04', status: 'final' };
            assert.equal(await agree('Observation', gait), 1, 'that was sent with an absolute reference');
        });

        it('finds by the identifier that a reference has in the place of an address', async () => {
            const { practitioner: { identifier } } = ofType('PractitionerRole').find((role) =>
                role.practitioner.identifier);
            for (const wanted of [identifier.value, `${identifier.system}|${identifier.value}`])
                assert.ok(await agree('PractitionerRole', { 'practitioner:identifier': wanted }) > 0);
        });

        it('finds by composites, both parts in one place', async () => {
            const pressure = observations.find(({ component }) => component?.length > 1);
            const [first, second] = pressure.component;
            const sent = { patient, 'combo-code-value-quantity':
                `${first.code.coding[0].code}$${first.valueQuantity.value}` };
            const wanted = observations.filter(({ code, valueQuantity, component = [] }) =>
                [{ code, valueQuantity }, ...component].some((one) => one.valueQuantity
                    && one.code.coding[0].code === first.code.coding[0].code
                    && Math.abs(one.valueQuantity.value - first.valueQuantity.value) < 1e-9));
            const placesOf = (some) => some.map(({ id }) => `Observation/${id}`).sort();
            assert.deepEqual(await found('Observation', sent), placesOf(wanted));
            const crossed = observations.filter(({ component = [] }) => component.some((one) =>
                one.code.coding[0].code === first.code.coding[0].code
                && one.valueQuantity.value === second.valueQuantity.value));
            assert.deepEqual(await found('Observation', { patient, 'component-code-value-quantity':
                `${first.code.coding[0].code}$${second.valueQuantity.value}` }),
            placesOf(crossed));
        });

        it('refuses a modifier that it does not know, whatever handling is preferred', async () => {
            const options = { headers: { Prefer: 'handling=lenient' } };
            await assert.rejects(ward.search({ resourceType: 'Observation', options,
                searchParams: { patient, 'code:in': 'http://ward.example/ValueSet/x' } }));
        });
    });
});
