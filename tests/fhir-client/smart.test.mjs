// SPDX-License-Identifier: Apache-2.0
// A person signs in to an app of fhirclient's makers by way of the provider, and sees one patient's chart.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fhirclient from 'fhirclient';
import { address, ward } from './client.mjs';

const issuer = process.env.WARD_TEST_ISSUER;

// The app: /launch sends its visitor to the provider, who sends them back to /app.
class App {
    #options;
    #session = new Map();   // of its one visitor
    client;                 // once somebody has signed in

    constructor(options) { this.#options = options; }

    async start() {
        this.server = createServer((request, response) => this.#answer(request, response));
        await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
        this.address = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    async #answer(request, response) {
        const smart = fhirclient(request, response, {
            get: async (key) => this.#session.get(key),
            set: async (key, value) => { this.#session.set(key, value); return value; },
            unset: async (key) => this.#session.delete(key),
        });
        try {
            if (request.url.startsWith('/launch'))
                return await smart.authorize({ redirectUri: 'app', pkceMode: 'required', ...this.#options });
            this.client = await smart.ready();
            return response.end('signed in');
        } catch (error) {
            response.writeHead(500);
            return response.end(error.message);
        }
    }

    stop() { this.server.close(); }
}

// A person with a browser: goes where it is sent, and fills in the provider's pages. Returns what the last
// page says, and the addresses that the browser went to.
async function visit(start, login) {
    const cookies = new Map();
    const visited = [];
    let next = { url: start };
    for (let step = 0; step < 20; step += 1) {
        const { origin } = new URL(next.url);
        const cookie = [...cookies].filter(([, one]) => one.origin === origin)
            .map(([name, { value }]) => `${name}=${value}`).join('; ');
        visited.push(new URL(next.url));
        const answer = await fetch(next.url, { ...next.options, headers: { cookie }, redirect: 'manual' });
        for (const set of answer.headers.getSetCookie()) {
            const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
            if (value) cookies.set(name, { origin, value });
            else cookies.delete(name);
        }
        const page = await answer.text();
        const location = answer.headers.get('location');
        const form = page.match(/<form[^>]* action="([^"]+)"[^>]*>[^]*?name="prompt" value="(\w+)"/);
        if (location) next = { url: new URL(location, next.url).href };
        else if (form) next = { url: form[1], options: { method: 'POST', body: new URLSearchParams(
            { prompt: form[2], login, password: 'an invented password' }) } };
        else return { page, visited };
    }
    throw new Error(`it went in circles: ${visited.join(' ')}`);
}

const ids = (bundle) => (bundle.entry ?? []).map(({ resource }) => resource.id).sort();

describe('a SMART app', () => {
    const apps = [];
    const started = async (options) => {
        apps.push(await new App({ iss: address, ...options }).start());
        return apps.at(-1);
    };
    after(() => apps.forEach((app) => app.stop()));

    before(async () => {
        for (const id of ['dana', 'elif']) {
            await ward.update({ resourceType: 'Patient', id, body: { resourceType: 'Patient', id } });
            const body = { resourceType: 'Observation', id: `${id}-pulse`, status: 'final',
                code: { text: 'pulse' }, subject: { reference: `Patient/${id}` } };
            await ward.update({ resourceType: 'Observation', id: body.id, body });
        }
    });

    // That the app reads this patient's chart, and cannot tell that there is the other's.
    async function sees({ client }, own, other) {
        assert.equal(client.patient.id, own);
        assert.equal((await client.patient.read()).id, own);
        assert.deepEqual(ids(await client.patient.request('Observation')), [`${own}-pulse`]);
        assert.deepEqual(ids(await client.request('Observation')), [`${own}-pulse`]);
        assert.deepEqual(ids(await client.request(`Observation?patient=${other}`)), []);
        assert.deepEqual(ids(await client.request('Patient?_revinclude=Observation:subject')),
            [own, `${own}-pulse`]);
        for (const path of [`Patient/${other}`, `Observation/${other}-pulse`, 'Observation/no-such'])
            await assert.rejects(client.request(path), ({ status }) => status === 404);
        const changed = client.update({ resourceType: 'Patient', id: own, active: false });
        await assert.rejects(changed, ({ status }) => status === 403);
    }

    it('shows a patient who signs in her own chart, and no other', async () => {
        const app = await started({ clientId: 'chart-app',
            scope: 'openid fhirUser launch/patient patient/*.rs' });
        const { page, visited } = await visit(`${app.address}/launch`, 'dana');
        assert.equal(page, 'signed in');
        const asked = visited.find(({ pathname }) => pathname === '/auth').searchParams;
        assert.equal(asked.get('code_challenge_method'), 'S256');
        assert.equal(app.client.user.fhirUser, 'Patient/dana');
        assert.equal((await app.client.user.read()).id, 'dana');
        await sees(app, 'dana', 'elif');
    });

    it('opened from a chart shows a doctor that chart, and no other', async () => {
        const clientPrivateJwk = JSON.parse(readFileSync(join(process.env.WARD_FOLDER, 'ehr-app.jwk')));
        const app = await started({ clientId: 'ehr-app', clientPrivateJwk,
            scope: 'openid fhirUser launch patient/*.rs' });
        const query = new URLSearchParams({ iss: address, launch: 'launch-of-elif' });
        const { page } = await visit(`${app.address}/launch?${query}`, 'diaz');
        assert.equal(page, 'signed in');
        assert.equal(app.client.user.fhirUser, 'Practitioner/d1');
        await sees(app, 'elif', 'dana');
    });

    it('is told who read in the trail of the patient', async () => {
        const app = await started({ clientId: 'chart-app', scope: 'openid launch/patient patient/*.rs' });
        await visit(`${app.address}/launch`, 'dana');
        const read = await app.client.request('Observation/dana-pulse');
        const searchParams = { patient: 'dana', entity: `Observation/${read.id}`, _count: 50 };
        const { entry } = await ward.search({ resourceType: 'AuditEvent', searchParams });
        assert.ok(entry.some(({ resource }) => JSON.stringify(resource.agent).includes('"dana"')
            && JSON.stringify(resource.agent).includes('"chart-app"')));
    });

    it('gets nowhere with the token that only says who signed in', async () => {
        const app = await started({ clientId: 'chart-app', scope: 'openid launch/patient patient/*.rs' });
        await visit(`${app.address}/launch`, 'dana');
        const { id_token: identity, access_token: access } = app.client.state.tokenResponse;
        const read = async (token) => (await fetch(`${address}/Patient/dana`,
            { headers: { authorization: `Bearer ${token}` } })).status;
        assert.deepEqual([await read(access), await read(identity)], [200, 401]);
    });
});
