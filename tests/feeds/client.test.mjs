// SPDX-License-Identifier: Apache-2.0
// Messages of npm's node-hl7-client into a running Ward, and what the record then says over FHIR.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from '../fhir-client/provider.mjs';
import { RunningWard, until } from '../fhir-client/running_ward.mjs';

if (!existsSync(fileURLToPath(new URL('node_modules/node-hl7-client', import.meta.url)))) {
    console.log('SKIPPED: node-hl7-client is not installed; ./dev deps installs it');
    process.exit(0);
}
const { default: Client, Batch, Message } = await import('node-hl7-client');

const ward = new RunningWard();
let ports;       // of the feeds, by name
let engine;      // the certificate and key that the mutual feed knows
let stranger;    // those that it does not
const outbounds = [];

const linesOf = (phrase) => ward.logged().split('\n').filter((line) => line.includes(`"${phrase}"`))
    .map((line) => JSON.parse(line));
// What it tells whoever runs it, of that feed.
const logged = (phrase, feed) => until(() => {
    const lines = linesOf(phrase).filter((line) => line.feed === feed);
    return lines.length > 0 && lines;
}, phrase);

before(async () => {
    [engine, stranger] = ['engine', 'stranger'].map((name) => makeCertificate(ward.folder, name));
    const feeds = ['plain 127.0.0.1:0', 'secure 127.0.0.1:0 tls',
        `mutual 127.0.0.1:0 mutual=${engine.certificate}`];
    await ward.start(`[hl7]\nfeeds = ${JSON.stringify(feeds)}\n`);
    ports = await until(() => {
        const said = linesOf('feed listens');
        return said.length === feeds.length && Object.fromEntries(said.map(({ feed, port }) => [feed, port]));
    }, 'the feeds listen');
});

after(async () => {
    for (const outbound of outbounds) await outbound.close();
    const stopped = await ward.stop();
    if (!stopped) console.error(ward.logged().slice(-4000));
    assert.ok(stopped);
    ward.run('ledger', 'verify');
    ward.close();
    // Its close() leaves the timer by which a refused client tries again for ever.
    setTimeout(() => process.exit(), 2_000).unref();
});

// A connection to that feed. `answers` has what came back, in the order in which it came.
function sender(feed, tls) {
    const answers = [];
    const client = new Client({ host: '127.0.0.1', tls });
    // Its time limit for connecting also ends a connection that was made. It tries again for ever.
    const options = { port: ports[feed], connectionTimeout: 0, retryLow: 100, retryHigh: 100 };
    const outbound = client.createOutbound(options, (answer) =>
        // It takes the end of the last segment for a segment without a name.
        answers.push(new Message({ text: answer.getMessage().toString().trimEnd() })));
    let failed = false;
    outbound.on('error', () => { failed = true; });
    outbounds.push(outbound);
    const answered = (count) => until(() => {
        if (failed) throw new Error('the connection was closed');
        return answers.length >= count;
    }, `${count} answers`);
    // What one message, or a batch of so many, is answered with: pairs of a code and a control id.
    const send = async (what, count = 1) => {
        const before = answers.length;
        await outbound.sendMessage(what);
        await answered(before + count);
        return answers.slice(before).map((answer) => text(answer, 'MSA.1', 'MSA.2'));
    };
    return { outbound, answers, answered, send };
}
const text = (answer, ...paths) => paths.map((path) => answer.get(path).toString());

function message(event, controlId, segments) {
    const made = new Message({ messageHeader: { msh_9_1: event[0], msh_9_2: event[1], msh_10: controlId,
        msh_11_1: 'P' } });
    made.set('MSH.3', 'ENGINE');
    made.set('MSH.4', 'GENERAL');
    made.set('MSH.7', '20260301101500');
    for (const [name, fields] of segments) {
        const segment = made.addSegment(name);
        for (const [field, value] of Object.entries(fields)) segment.set(field, value);
    }
    return made;
}
const admission = (controlId, mrn, family, more = []) => message(['ADT', 'A01'], controlId, [
    ['EVN', { 2: '20260301101500' }],
    ['PID', { 1: '1', '3.1': mrn, '3.4': 'GENERAL', '3.5': 'MR', '5.1': family, '5.2': 'Noor',
        7: '19720304', 8: 'F' }],
    ['PV1', { 1: '1', 2: 'I', '3.1': 'WARD3', '19.1': `V${mrn}` }], ...more]);

async function get(path) {
    const headers = { Authorization: `Bearer ${ward.token('system/*.rs')}` };
    const agent = new Agent({ ca: readFileSync(ward.certificate) });
    return new Promise((resolve, reject) => {
        request(`${ward.address}/${path}`, { headers, agent }, async (answer) => {
            let text = '';
            for await (const piece of answer) text += piece;
            resolve(JSON.parse(text));
        }).on('error', reject).end();
    });
}
const found = async (path) => ((await get(path)).entry ?? []).map(({ resource }) => resource);
const mapped = (feed) => until(() => JSON.parse(ward.run('vault', 'feeds', '--json'))
    .find((state) => state.feed === feed)?.waiting === 0, 'all is mapped');

describe('node-hl7-client', () => {
    it('sends an admission, and the chart says so', async () => {
        const plain = sender('plain');
        assert.deepEqual(await plain.send(admission('in-1', '7001', "O'Neil & Sons")), [['AA', 'in-1']]);
        await mapped('plain');
        const [patient] = await found('Patient?identifier=7001');
        const names = patient.name.map(({ family, given }) => [family, ...given]);
        assert.deepEqual(names, [["O'Neil & Sons", 'Noor']]);
        assert.deepEqual([patient.birthDate, patient.gender], ['1972-03-04', 'female']);
        const [stay] = await found(`Encounter?patient=${patient.id}`);
        assert.deepEqual([stay.class.code, stay.status], ['IMP', 'in-progress']);
    });

    it('sends many on one connection without waiting, and each is answered in its turn', async () => {
        const plain = sender('plain');
        const count = 50;
        const wanted = Array.from({ length: count }, (_, index) => [index % 10 === 7 ? 'AE' : 'AA',
            index % 10 === 7 ? '' : `many-${index}`]);
        for (const [index, [, controlId]] of wanted.entries()) {
            const sent = admission('set below', `${7100 + index}`, 'Many');
            sent.set('MSH.10', controlId);
            await plain.outbound.sendMessage(sent);
        }
        await plain.answered(count);
        assert.deepEqual(plain.answers.map((answer) => text(answer, 'MSA.1', 'MSA.2')), wanted);
        await mapped('plain');
        const acknowledged = wanted.filter(([code]) => code === 'AA').length;
        assert.equal((await found('Patient?family=Many&_count=100')).length, acknowledged);
    });

    it('sends a batch, and each message in it is answered by itself', async () => {
        const batch = new Batch();
        batch.start();
        for (const number of [1, 2, 3]) batch.add(admission(`batch-${number}`, `720${number}`, 'Batch'));
        batch.end();
        const answers = await sender('plain').send(batch, 3);
        assert.deepEqual(answers, [['AA', 'batch-1'], ['AA', 'batch-2'], ['AA', 'batch-3']]);
        await mapped('plain');
        assert.equal((await found('Patient?family=Batch')).length, 3);
    });

    it('is told what is wrong, and where', async () => {
        const plain = sender('plain');
        const odd = admission('odd-1', '7301', 'Odd');
        odd.set('MSH.12', '3.1');
        assert.deepEqual(await plain.send(odd), [['AR', 'odd-1']]);
        assert.deepEqual(text(plain.answers.at(-1), 'ERR.2.1', 'ERR.2.3', 'ERR.3.1'), ['MSH', '12', '203']);
        const nameless = admission('set below', '7301', 'Odd');
        nameless.set('MSH.10', '');
        assert.deepEqual(await plain.send(nameless), [['AE', '']]);
        assert.deepEqual(text(plain.answers.at(-1), 'ERR.2.1', 'ERR.2.3', 'ERR.3.1'), ['MSH', '10', '101']);
        await mapped('plain');
        assert.deepEqual(await found('Patient?identifier=7301'), []);
        assert.deepEqual(await plain.send(admission('odd-2', '7301', 'Odd')), [['AA', 'odd-2']]);
        const [told] = await logged('feed refused messages', 'plain');
        assert.match(told.last, /^MSH-1[02]: /);
        assert.doesNotMatch(ward.logged(), /Odd/);
    });

    it('asks in enhanced mode, and hears that the message is kept', async () => {
        const asking = admission('kept-1', '7401', 'Kept');
        asking.set('MSH.15', 'AL');
        asking.set('MSH.16', 'NE');
        assert.deepEqual(await sender('plain').send(asking), [['CA', 'kept-1']]);
    });

    it('sends a result over TLS before anybody was admitted, and both are in one chart', async () => {
        const secure = sender('secure', { ca: readFileSync(ward.certificate) });
        const result = message(['ORU', 'R01'], 'result-1', [
            ['PID', { 1: '1', '3.1': '7601', '3.4': 'GENERAL', '3.5': 'MR', '5.1': 'Early' }],
            ['OBR', { 1: '1', 3: 'F-77', '4.1': '2823-3', '4.2': 'Potassium', '4.3': 'LN',
                7: '20260301091500', 25: 'F' }],
            ['OBX', { 1: '1', 2: 'NM', '3.1': '2823-3', '3.2': 'Potassium', '3.3': 'LN', 5: '4.10',
                '6.1': 'mmol/L', '6.3': 'UCUM', 11: 'F' }]]);
        assert.deepEqual(await secure.send(result), [['AA', 'result-1']]);
        assert.deepEqual(await secure.send(admission('late-1', '7601', 'Early')), [['AA', 'late-1']]);
        await mapped('secure');
        const [patient, ...others] = await found('Patient?identifier=7601');
        assert.deepEqual([others, patient.birthDate], [[], '1972-03-04']);
        const code = 'http://loinc.org|2823-3';
        const [potassium] = await found(`Observation?patient=${patient.id}&code=${code}`);
        assert.deepEqual(potassium.valueQuantity, { value: 4.1, unit: 'mmol/L', code: 'mmol/L',
            system: 'http://unitsofmeasure.org' });
        assert.equal(potassium.status, 'final');
    });

    it('sends over mutual TLS with its certificate, and nothing without', async () => {
        const trusted = { ca: readFileSync(ward.certificate) };
        const own = ({ key, certificate }) =>
            ({ ...trusted, key: readFileSync(key), cert: readFileSync(certificate) });
        const known = sender('mutual', own(engine));
        assert.deepEqual(await known.send(admission('mutual-1', '7501', 'Mutual')), [['AA', 'mutual-1']]);
        for (const tls of [trusted, own(stranger)]) {
            const unknown = sender('mutual', tls);
            await assert.rejects(unknown.send(admission('mutual-2', '7502', 'Unknown')), /was closed/);
            await unknown.outbound.close();
        }
        const [told] = await logged('feed refused connections', 'mutual');
        assert.match(told.last, /certificate/);
        assert.equal(told.address, '127.0.0.1');
        await mapped('mutual');
        assert.equal((await found('Patient?identifier=7501')).length, 1);
        assert.deepEqual(await found('Patient?identifier=7502'), []);
    });
});
