// SPDX-License-Identifier: Apache-2.0
// The Synthea hospital and a few invented resources of the types that it lacks, stored in Ward and kept here
// as plain JSON, with the references as they are after storing.
import assert from 'node:assert/strict';
import { address, allPages, forEach, placeOf, readText, referencesOf, sharedFiles, ward, withReferences }
    from '../client.mjs';
import { passes } from './reference_search.mjs';

export const files = sharedFiles('fhir/synthea');
export const skip = files ? false : 'the shared data is not here';

export const stored = [];   // each as Ward has it, but for the meta that Ward gives
const references = new Map();

export const ofType = (type) => stored.filter(({ resourceType }) => resourceType === type);
const firstOf = (type) => ofType(type)[0];

function remember(bundle, answer, sent) {
    bundle.entry.forEach(({ fullUrl, resource }, index) => {
        const { response } = answer.entry[index];
        assert.match(response.status, /^20[01]/, JSON.stringify(response));
        const place = placeOf(response.location);
        references.set(fullUrl, place.reference);
        for (const { system, value } of resource.identifier ?? [])
            references.set(`${place.resourceType}?identifier=${system}|${value}`, place.reference);
        sent.push({ ...resource, id: place.id });
    });
}

// One or two of each type that Synthea does not make, about patients that it made.
function invented() {
    const [one, two] = ofType('Patient');
    const of = ({ id }) => ({ reference: `Patient/${id}` });
    const concept = (system, code, text) => ({ coding: [{ system, code }], text });
    const sct = 'http://snomed.info/sct';
    return [
        { resourceType: 'Coverage', status: 'active', beneficiary: of(one), payor: [of(one)] },
        { resourceType: 'Coverage', status: 'active', beneficiary: of(two), payor: [of(two)] },
        { resourceType: 'Goal', lifecycleStatus: 'active', subject: of(one),
            target: [{ dueDate: '2026-05-01' }], description: concept(sct, '289169006', 'Weight loss') },
        { resourceType: 'Goal', lifecycleStatus: 'completed', subject: of(one),
            target: [{ dueDate: '2025-05-01' }], description: concept(sct, '182856006', 'Walk more') },
        { resourceType: 'MedicationDispense', status: 'completed', subject: of(one),
            medicationCodeableConcept: concept('http://www.nlm.nih.gov/research/umls/rxnorm', '313782'),
            type: concept('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'FF') },
        { resourceType: 'MedicationDispense', status: 'cancelled', subject: of(one),
            medicationCodeableConcept: { text: 'x' },
            type: concept('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'RF') },
        { resourceType: 'QuestionnaireResponse', status: 'completed', subject: of(one),
            authored: '2026-03-04T05:06:07Z', questionnaire: 'http://ward.example/Questionnaire/falls' },
        { resourceType: 'QuestionnaireResponse', status: 'in-progress', subject: of(two),
            authored: '2026-03-05', questionnaire: 'http://ward.example/Questionnaire/falls' },
        { resourceType: 'RelatedPerson', patient: of(one),
            name: [{ family: 'Ångström', given: ['Zoë'] }] },
        { resourceType: 'RelatedPerson', patient: of(two), name: [{ family: 'Angelou', given: ['Ruth'] }] },
        { resourceType: 'RiskAssessment', status: 'final', subject: of(one),
            prediction: [{ probabilityDecimal: 0.25 }] },
        { resourceType: 'RiskAssessment', status: 'final', subject: of(one),
            prediction: [{ probabilityDecimal: 0.0312 }] },
        { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: of(one),
            authoredOn: '2026-02-01', category: [concept(sct, '108252007')], code: concept(sct, '26604007') },
        { resourceType: 'ServiceRequest', status: 'completed', intent: 'order', subject: of(one),
            authoredOn: '2026-02-11T10:00:00+04:00', category: [concept(sct, '363679005')],
            code: concept(sct, '168537006') },
        { resourceType: 'Specimen', status: 'available', subject: of(one) },
        { resourceType: 'Specimen', status: 'available', subject: of(two) },
        { resourceType: 'Condition', subject: of(one), code: concept(sct, '386661006', 'Fever'), extension: [
            { url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate',
                valueDateTime: '2026-01-05' },
        ] },
        { resourceType: 'Observation', status: 'final', subject: of(one), code: { text: 'gait' },
            valueString: 'Walks slowly', meta: { tag: [{ system: 'http://ward.example/tag', code: 'seen' }],
                security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
                profile: ['http://ward.example/StructureDefinition/gait'] } },
        { resourceType: 'Observation', status: 'final', code: { text: 'gait' },
            subject: { reference: `${address}/Patient/${one.id}` }, effectiveDateTime: '2026-04' },
        { resourceType: 'Encounter', status: 'finished', subject: of(one), identifier: [
            { system: 'http://ward.example/visit', value: 'V-1001' }], class: { code: 'AMB' },
        location: [{ location: { reference: `Location/${firstOf('Location').id}` } }],
        period: { start: '2026-06-01T08:00:00Z' } },
        { resourceType: 'PractitionerRole',
            practitioner: { reference: `Practitioner/${firstOf('Practitioner').id}` } },
        { resourceType: 'Device', status: 'active', patient: of(one), type: concept(sct, '72506001') },
    ];
}

export async function fill() {
    const [batches, transactions, sent] = [[], [], []];
    for (const file of files) (file.name.startsWith('0-') ? batches : transactions).push(file);
    for (const { path } of batches) {
        const bundle = JSON.parse(readText(path));
        remember(bundle, await ward.batch({ body: bundle }), sent);
    }
    await forEach(transactions, async ({ path }) => {
        const bundle = JSON.parse(readText(path));
        remember(bundle, await ward.transaction({ body: bundle }), sent);
    }, 4);
    const seen = new Set();   // a conditional create may have given a place that others have
    for (const resource of sent) {
        const place = `${resource.resourceType}/${resource.id}`;
        if (!seen.has(place)) stored.push(withReferences(resource, references));
        seen.add(place);
    }
    for (const body of invented()) {
        const answer = await ward.create({ resourceType: body.resourceType, body });
        stored.push({ ...body, id: answer.id });
    }
}

export const expected = (resourceType, searchParams) => stored
    .filter((resource) => resource.resourceType === resourceType && passes(resource, searchParams, address))
    .map(({ id }) => `${resourceType}/${id}`).sort();

export async function found(resourceType, searchParams) {
    const first = await ward.search({ resourceType, searchParams });
    return referencesOf((await allPages(first)).entries);
}

// Asks Ward and the slow search the same; returns how many they found.
export async function agree(resourceType, searchParams) {
    const asked = `${resourceType}?${JSON.stringify(searchParams)}`;
    const wanted = expected(resourceType, searchParams);
    const answer = await found(resourceType, searchParams).catch((error) => {
        throw new Error(`${asked}: ${JSON.stringify(error.response?.data ?? error.message)}`);
    });
    assert.deepEqual(answer, wanted, asked);
    return wanted.length;
}
