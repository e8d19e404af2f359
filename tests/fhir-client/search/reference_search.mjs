// SPDX-License-Identifier: Apache-2.0
// A slow search over plain JSON, for comparison: it looks at every resource and knows nothing of indexes.
// What each parameter looks at is written down here by hand from R4 and US Core 6.1.0, not taken from Ward.

const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const at = (resource, path) => path.split('.').reduce(
    (values, name) => values.flatMap((value) => list(value?.[name])), [resource]);
const any = (...paths) => (resource) => paths.flatMap((path) => at(resource, path));

const token = (...paths) => ({ kind: 'token', of: any(...paths) });
const string = (...paths) => ({ kind: 'string', of: any(...paths) });
const date = (...paths) => ({ kind: 'date', of: any(...paths) });
const reference = (...paths) => ({ kind: 'reference', of: any(...paths) });
const uri = (...paths) => ({ kind: 'uri', of: any(...paths) });
const number = (...paths) => ({ kind: 'number', of: any(...paths) });
const quantity = (...paths) => ({ kind: 'quantity', of: any(...paths) });

const assertedDate = 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate';
const ofPatient = { patient: reference('patient', 'subject') };

export const parameters = {
    AllergyIntolerance: { patient: reference('patient'), 'clinical-status': token('clinicalStatus') },
    CarePlan: { ...ofPatient, category: token('category'), date: date('period'), status: token('status') },
    CareTeam: { ...ofPatient, role: token('participant.role'), status: token('status') },
    Condition: {
        ...ofPatient,
        'abatement-date': date('abatementDateTime', 'abatementPeriod'),
        'asserted-date': {
            kind: 'date',
            of: ({ extension }) => list(extension).filter(({ url }) => url === assertedDate)
                .map(({ valueDateTime }) => valueDateTime),
        },
        category: token('category'), 'clinical-status': token('clinicalStatus'), code: token('code'),
        encounter: reference('encounter'), 'onset-date': date('onsetDateTime', 'onsetPeriod'),
        'recorded-date': date('recordedDate'),
    },
    Coverage: { patient: reference('beneficiary') },
    Device: { patient: reference('patient'), status: token('status'), type: token('type') },
    DiagnosticReport: {
        ...ofPatient, category: token('category'), code: token('code'),
        date: date('effectiveDateTime', 'effectivePeriod'), status: token('status'),
    },
    DocumentReference: {
        ...ofPatient, category: token('category'), date: date('date'), period: date('context.period'),
        status: token('status'), type: token('type'),
    },
    Encounter: {
        ...ofPatient, class: token('class'), date: date('period'),
        'discharge-disposition': token('hospitalization.dischargeDisposition'),
        identifier: token('identifier'), location: reference('location.location'), status: token('status'),
        type: token('type'),
    },
    Goal: {
        ...ofPatient, description: token('description'), 'lifecycle-status': token('lifecycleStatus'),
        'target-date': date('target.dueDate'),
    },
    Immunization: { ...ofPatient, date: date('occurrenceDateTime'), status: token('status') },
    MedicationDispense: { ...ofPatient, status: token('status'), type: token('type') },
    MedicationRequest: {
        ...ofPatient, authoredon: date('authoredOn'), encounter: reference('encounter'),
        intent: token('intent'), status: token('status'),
    },
    Observation: {
        ...ofPatient, category: token('category'), code: token('code'), status: token('status'),
        date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
        'combo-code': token('code', 'component.code'), 'value-concept': token('valueCodeableConcept'),
        'value-quantity': quantity('valueQuantity'),
        'value-string': string('valueString', 'valueCodeableConcept.text'),
        'component-value-quantity': quantity('component.valueQuantity'), encounter: reference('encounter'),
    },
    Organization: {
        address: string(...['text', 'line', 'city', 'district', 'state', 'postalCode', 'country']
            .map((part) => `address.${part}`)),
        name: string('name', 'alias'),
    },
    Patient: {
        birthdate: date('birthDate'), 'death-date': date('deceasedDateTime'), family: string('name.family'),
        gender: token('gender'), identifier: token('identifier'), given: string('name.given'),
        name: string(...['family', 'given', 'prefix', 'suffix', 'text'].map((part) => `name.${part}`)),
    },
    Practitioner: {
        identifier: token('identifier'),
        name: string(...['family', 'given', 'prefix', 'suffix', 'text'].map((part) => `name.${part}`)),
    },
    PractitionerRole: { practitioner: reference('practitioner'), specialty: token('specialty') },
    Procedure: {
        ...ofPatient, code: token('code'), date: date('performedDateTime', 'performedPeriod'),
        status: token('status'),
    },
    QuestionnaireResponse: {
        patient: reference('subject'), authored: date('authored'), questionnaire: uri('questionnaire'),
        status: token('status'),
    },
    RelatedPerson: {
        patient: reference('patient'),
        name: string(...['family', 'given', 'prefix', 'suffix', 'text'].map((part) => `name.${part}`)),
    },
    RiskAssessment: { ...ofPatient, probability: number('prediction.probabilityDecimal') },
    ServiceRequest: {
        ...ofPatient, authored: date('authoredOn'), category: token('category'), code: token('code'),
        status: token('status'),
    },
    Specimen: { patient: reference('subject') },
};

const common = {
    _id: token('id'), _profile: uri('meta.profile'), _tag: token('meta.tag'),
    _security: token('meta.security'),
    _lastUpdated: date('meta.lastUpdated'),
};

export const parameterOf = (type, name) => parameters[type][name] ?? common[name];

// Tokens: [system, code] of whatever may stand there.
export function codingsOf(value) {
    if (typeof value !== 'object') return [[undefined, String(value)]];
    if (value.coding) return value.coding.map(({ system, code }) => [system ?? '', code]);
    return [[value.system ?? '', value.code ?? value.value]];
}

// Dates: [first, last] millisecond of what is meant. All of the data has full dates or times with a zone.
function instantsOf(text) {
    const start = Date.parse(/T/.test(text) ? text : `${text}T00:00:00Z`.replace(/^(\d{4})T/, '$1-01-01T')
        .replace(/^(\d{4}-\d\d)T/, '$1-01T'));
    if (/\.\d+/.test(text)) return [start, start];
    if (/T\d\d:\d\d:/.test(text)) return [start, start + 999];
    if (/T/.test(text)) return [start, start + 59_999];
    const next = new Date(start);
    if (text.length === 4) next.setUTCFullYear(next.getUTCFullYear() + 1);
    else if (text.length === 7) next.setUTCMonth(next.getUTCMonth() + 1);
    else next.setUTCDate(next.getUTCDate() + 1);
    return [start, next.getTime() - 1];
}
export function intervalOf(value) {
    if (typeof value === 'string') return instantsOf(value);
    const start = value.start ? instantsOf(value.start)[0] : -Infinity;
    return [start, value.end ? instantsOf(value.end)[1] : Infinity];
}

const plain = (text) =>
    text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();

const prefixOf = (text) => (/^(eq|ne|gt|lt|ge|le|sa|eb|ap)[\d-]/.test(text)
    ? [text.slice(0, 2), text.slice(2)] : ['eq', text]);

// R4, search.html#prefix, on intervals.
function compares(prefix, [low, high], [from, to]) {
    const inside = from <= low && high <= to;
    switch (prefix) {
        case 'eq': return inside;
        case 'ne': return !inside;
        case 'gt': return high > to;
        case 'lt': return low < from;
        case 'ge': return high > to || inside;
        case 'le': return low < from || inside;
        case 'sa': return low > to;
        case 'eb': return high < from;
        default: throw new Error(prefix);
    }
}

// R4, search.html#number: what was written is precise to half of its last digit, for eq and ne.
function comparesNumber(prefix, value, text) {
    const digits = (text.split('.')[1] ?? '').length;
    const wanted = Number(text);
    const half = 0.5 * 10 ** -digits;
    const near = value >= wanted - half - 1e-12 && value < wanted + half - 1e-12;
    switch (prefix) {
        case 'eq': return near;
        case 'ne': return !near;
        case 'gt': case 'sa': return value > wanted;
        case 'lt': case 'eb': return value < wanted;
        case 'ge': return value >= wanted;
        case 'le': return value <= wanted;
        // Nobody calls a number equal that is not about the same, so what eq finds is found too.
        case 'ap': return near || Math.abs(value - wanted) <= Math.abs(wanted) * 0.1 + 1e-12;
        default: throw new Error(prefix);
    }
}

// Without escapes: the values of the tests have none of the separators in them.
const holds = {
    token(value, wanted, modifier) {
        if (modifier === 'text')
            return [value.text, value.display, value.type?.text, ...list(value.coding).map((c) => c.display)]
                .some((text) => text !== undefined && plain(text).startsWith(plain(wanted)));
        const [system, code] = wanted.includes('|') ? wanted.split('|') : [undefined, wanted];
        return codingsOf(value).some(([itsSystem, itsCode]) =>
            (system === undefined || itsSystem === undefined || itsSystem === system)
            && (code === '' || itsCode === code));
    },
    string(value, wanted, modifier) {
        if (modifier === 'exact') return value === wanted;
        if (modifier === 'contains') return plain(value).includes(plain(wanted));
        return plain(value).startsWith(plain(wanted));
    },
    date(value, wanted) {
        const [prefix, text] = prefixOf(wanted);
        return compares(prefix, intervalOf(value), instantsOf(text));
    },
    number(value, wanted) {
        const [prefix, text] = prefixOf(wanted);
        return comparesNumber(prefix, value, text);
    },
    quantity(value, wanted) {
        const [numberText, system, code] = wanted.split('|');
        const [prefix, text] = prefixOf(numberText);
        if (system && value.system !== system) return false;
        if (code && value.code !== code && (system || value.unit !== code)) return false;
        return comparesNumber(prefix, value.value, text);
    },
    reference(value, wanted, modifier, type, base) {
        if (modifier === 'identifier')
            return value.identifier !== undefined && holds.token(value.identifier, wanted);
        const relative = (text) => (text?.startsWith(`${base}/`) ? text.slice(base.length + 1) : text);
        const [its, asked] = [relative(value.reference), relative(wanted)];
        if (its === undefined) return false;
        const [, id, more] = its.split('/');
        if (/^[A-Za-z0-9.-]{1,64}$/.test(asked)) return id === asked && more === undefined;
        return its === asked;
    },
    uri(value, wanted, modifier) {
        const isBelow = (text, root) =>
            text === root || text.startsWith(root.endsWith('/') ? root : `${root}/`);
        if (modifier === 'below') return isBelow(value, wanted);
        if (modifier === 'above') return isBelow(wanted, value);
        return value === wanted;
    },
};

// Whether a resource passes all of `searchParams`: { 'name:modifier': value or [values that all must hold] }.
export function passes(resource, searchParams, base) {
    return Object.entries(searchParams).every(([full, values]) => list(values).every((wanted) => {
        const [name, modifier] = full.split(':');
        const { kind, of } = parameterOf(resource.resourceType, name);
        const found = of(resource);
        if (modifier === 'missing') return (found.length === 0) === (wanted === 'true');
        const any_ = found.some((value) => wanted.split(',').some((one) =>
            holds[kind](value, one, modifier, resource.resourceType, base)));
        return modifier === 'not' ? !any_ : any_;
    }));
}
