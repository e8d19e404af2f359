// SPDX-License-Identifier: Apache-2.0
// Tokens of a provider that Ward's people did not write, what forgers make of them, and systems with keys.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { before, describe, it } from 'node:test';
import fhirclient from 'fhirclient';
import { address, clientWith, refused, ward } from './client.mjs';
import { audience, tokenOf } from './provider.mjs';

const issuer = process.env.WARD_TEST_ISSUER;
const encoded = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
    .toString('base64url');
const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url'));
const ids = (bundle) => (bundle.entry ?? []).map(({ resource }) => resource.id).sort();

const observation = (id, patient, category) => ({
    resourceType: 'Observation', id, status: 'final', code: { text: 'x' },
    category: [{ coding: [{ system: 'urn:example:category', code: category }] }],
    subject: { reference: `Patient/${patient}` },
});

// An answer to who shows this certificate, or the error of the connection for a status.
const send = (url, { files, ...options }, sent = '') => new Promise((resolve) => {
    const shown = files && { key: readFileSync(files.key), cert: readFileSync(files.certificate) };
    const ca = readFileSync(process.env.NODE_EXTRA_CA_CERTS);
    const asked = request(url, { ...options, ...shown, ca }, async (response) => {
        let body = '';
        for await (const piece of response) body += piece;
        resolve({ status: response.statusCode, body });
    });
    asked.on('error', ({ code }) => resolve({ status: code }));
    asked.end(sent);
});

describe('a provider\'s token', () => {
    let token;
    before(async () => {
        for (const [id, family] of [['amal', 'Haddad'], ['bruno', 'Hadley']]) {
            await ward.update({ resourceType: 'Patient', id, body: { resourceType: 'Patient', id,
                name: [{ family }] } });
            for (const category of ['laboratory', 'vital-signs']) {
                const body = observation(`${id}-${category}`, id, category);
                await ward.update({ resourceType: 'Observation', id: body.id, body });
            }
        }
        token = await tokenOf(issuer, 'chart-viewer');
    });

    it('opens what its scopes say', async () => {
        const viewer = clientWith(token);
        assert.equal((await viewer.read({ resourceType: 'Patient', id: 'amal' })).id, 'amal');
        await refused(viewer.read({ resourceType: 'Condition', id: 'any' }), 403);
        await refused(viewer.create({ resourceType: 'Patient', body: { resourceType: 'Patient' } }), 403);
    });

    it('of one patient opens that patient\'s chart and no other', async () => {
        const amal = clientWith(await tokenOf(issuer, 'amal-app'));
        assert.equal((await amal.read({ resourceType: 'Patient', id: 'amal' })).id, 'amal');
        for (const id of ['bruno-laboratory', 'no-such-observation'])
            await refused(amal.read({ resourceType: 'Observation', id }), 404);
        const search = (searchParams) => amal.search({ resourceType: 'Observation', searchParams });
        assert.deepEqual(ids(await search({})), ['amal-laboratory', 'amal-vital-signs']);
        for (const patient of ['bruno', `${address}/Patient/bruno`, 'Patient/bruno']) {
            const found = await search({ subject: patient });
            assert.deepEqual(ids(found), []);
            assert.equal(found.total, 0);
        }
        const body = observation('x', 'bruno', 'laboratory');
        await refused(amal.create({ resourceType: 'Observation', body }), 403);
    });

    it('for a patient it does not name opens nothing', async () => {
        const lost = clientWith(await tokenOf(issuer, 'lost-app'));
        await refused(lost.read({ resourceType: 'Patient', id: 'amal' }), 403);
    });

    it('restricted by a search opens what that finds', async () => {
        const lab = clientWith(await tokenOf(issuer, 'lab-viewer'));
        await refused(lab.read({ resourceType: 'Observation', id: 'amal-vital-signs' }), 404);
        const searchParams = { patient: 'amal,bruno' };
        const found = await lab.search({ resourceType: 'Observation', searchParams });
        assert.deepEqual(ids(found), ['amal-laboratory', 'bruno-laboratory']);
    });

    it('may be opaque', async () => {
        const opaque = await tokenOf(issuer, 'old-viewer');
        assert.ok(!opaque.includes('.'));
        assert.equal((await clientWith(opaque).read({ resourceType: 'Patient', id: 'amal' })).id, 'amal');
        await refused(clientWith(`${opaque.slice(1)}x`).read({ resourceType: 'Patient', id: 'amal' }), 401);
    });

    it('for another server is refused', async () => {
        for (const program of ['chart-viewer', 'old-viewer']) {
            const other = await tokenOf(issuer, program, 'https://other.example/fhir');
            await refused(clientWith(other).read({ resourceType: 'Patient', id: 'amal' }), 401);
        }
    });

    it('in the name of another provider is refused, though it is signed with the right key', async () => {
        const other = clientWith(await tokenOf(issuer, 'other-viewer'));
        await refused(other.read({ resourceType: 'Patient', id: 'amal' }), 401);
    });

    it('may be of a clock that differs by a minute, and no more', async () => {
        for (const program of ['ahead-viewer', 'behind-viewer']) {
            const viewer = clientWith(await tokenOf(issuer, program));
            assert.equal((await viewer.read({ resourceType: 'Patient', id: 'amal' })).id, 'amal');
        }
        for (const program of ['early-viewer', 'late-viewer']) {
            const viewer = clientWith(await tokenOf(issuer, program));
            await refused(viewer.read({ resourceType: 'Patient', id: 'amal' }), 401);
        }
    });

    it('that is opaque and was taken back is refused', async () => {
        const opaque = await tokenOf(issuer, 'old-viewer');
        const authorization = `Basic ${btoa('old-viewer:secret+of+old-viewer')}`;
        const revoked = await fetch(`${issuer}/token/revocation`, { method: 'POST',
            headers: { authorization }, body: new URLSearchParams({ token: opaque }) });
        assert.equal(revoked.status, 200);
        await refused(clientWith(opaque).read({ resourceType: 'Patient', id: 'amal' }), 401);
    });

    it('bound to a certificate opens nothing for whoever else has it', async () => {
        const monitor = JSON.parse(process.env.WARD_TEST_MONITOR);
        const authorization = `Basic ${btoa('bound-viewer:secret+of+bound-viewer')}`;
        const { body } = await send(`${issuer}/token`, { files: monitor, method: 'POST',
            headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' } },
            new URLSearchParams({ grant_type: 'client_credentials', resource: audience,
                scope: 'user/Observation.rs' }).toString());
        const bound = JSON.parse(body).access_token;
        assert.ok(decoded(bound.split('.')[1]).cnf['x5t#S256']);
        const read = async (files) => (await send(`${address}/Observation/amal-laboratory`,
            { files, headers: { authorization: `Bearer ${bound}` } })).status;
        assert.equal(await read(monitor), 200);
        assert.equal(await read(null), 401);
        assert.equal(await read(JSON.parse(process.env.WARD_TEST_ENGINE)), 401);
    });

    it('that is forged is refused', async () => {
        const [head, claims, signature] = token.split('.');
        const { keys } = await (await fetch(`${issuer}/jwks`)).json();
        const rsa = createPublicKey({ key: keys.find(({ kty }) => kty === 'RSA'), format: 'jwk' });
        const forger = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const signed = (header, body, key = forger.privateKey) => {
            const text = `${encoded(header)}.${encoded(body)}`;
            return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
        };
        const hmac = (secret) => {
            const text = `${encoded({ ...decoded(head), alg: 'HS256' })}.${claims}`;
            return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
        };
        const more = { ...decoded(claims), scope: 'system/*.cruds' };
        const forged = [
            `${encoded({ alg: 'none' })}.${claims}.`,
            `${encoded({ alg: 'none', kid: decoded(head).kid })}.${encoded(more)}.${signature}`,
            `${head}.${encoded(more)}.${signature}`,
            `${head}.${claims}.`,
            `${encoded({ ...decoded(head), alg: 'ES256' })}.${claims}.${signature}`,
            `${encoded({ ...decoded(head), kid: 'ES256-2025' })}.${claims}.${signature}`,
            hmac(rsa.export({ type: 'spki', format: 'pem' })),
            hmac(rsa.export({ type: 'pkcs1', format: 'der' })),
            signed(decoded(head), more),
            signed({ alg: 'RS256', jwk: forger.publicKey.export({ format: 'jwk' }) }, more),
            signed({ alg: 'RS256', kid: 'unknown', jku: 'https://evil.example/keys' }, more),
            signed({ ...decoded(head), crit: ['b64'], b64: false }, more),
            `${token}.`, `.${token}`, `${token}A`,
        ];
        for (const [index, one] of forged.entries())
            await refused(clientWith(one).read({ resourceType: 'Patient', id: 'amal' }), 401)
                .catch((error) => { throw new Error(`forgery ${index}: ${error.message}`); });
    });
});

describe('the SMART client of its own makers', () => {
    it('finds out where to get a token', async () => {
        const found = await fetch(`${address}/.well-known/smart-configuration`);
        assert.match(found.headers.get('content-type'), /^application\/json/);
        const configuration = await found.json();
        const provider = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
        assert.equal(configuration.authorization_endpoint, provider.authorization_endpoint);
        assert.equal(configuration.token_endpoint, provider.token_endpoint);
        for (const one of ['launch-ehr', 'launch-standalone', 'sso-openid-connect', 'client-public',
            'client-confidential-asymmetric', 'permission-patient', 'permission-v2'])
            assert.ok(configuration.capabilities.includes(one), one);
        assert.ok(!configuration.capabilities.includes('permission-offline'));
        assert.deepEqual(configuration.code_challenge_methods_supported, ['S256']);
        assert.deepEqual(configuration.grant_types_supported, ['authorization_code', 'client_credentials']);
        assert.deepEqual(configuration.scopes_supported, provider.scopes_supported);
    });

    it('reads its patient', async () => {
        const nothing = async () => null;
        const storage = { get: nothing, set: nothing, unset: nothing };
        const environment = fhirclient({ headers: {}, url: '/' }, {}, storage);
        const client = environment.client({ serverUrl: address,
            tokenResponse: { access_token: await tokenOf(issuer, 'amal-app'), patient: 'amal' } });
        assert.equal((await client.patient.read()).id, 'amal');
        const found = await client.patient.request('Observation');
        assert.deepEqual(ids(found), ['amal-laboratory', 'amal-vital-signs']);
        await assert.rejects(client.request('Patient/bruno'), /404|Not Found/);
    });
});

describe('a registered system', () => {
    const tokenUrl = `${new URL(address).origin}/token`;
    const key = readFileSync(process.env.WARD_TEST_SYSTEM_KEY);
    const assertion = (claims = {}) => {
        const now = Math.floor(Date.now() / 1000);
        const text = `${encoded({ alg: 'RS384', typ: 'JWT', kid: 'lab' })}.${encoded({ iss: 'lab', sub: 'lab',
            aud: tokenUrl, jti: randomUUID(), exp: now + 120, ...claims })}`;
        return `${text}.${sign('sha384', Buffer.from(text), key).toString('base64url')}`;
    };
    const ask = async (clientAssertion, scope = 'system/Observation.rs') => {
        const response = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams({
            grant_type: 'client_credentials', scope, client_assertion: clientAssertion,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }) });
        return { status: response.status, answer: await response.json() };
    };

    it('gets a token for its key, and with it what it is registered for', async () => {
        const { status, answer } = await ask(assertion());
        assert.equal(status, 200, JSON.stringify(answer));
        assert.equal(answer.token_type, 'bearer');
        assert.equal(answer.scope, 'system/Observation.rs');
        const lab = clientWith(answer.access_token);
        const read = await lab.read({ resourceType: 'Observation', id: 'amal-laboratory' });
        assert.equal(read.status, 'final');
        await refused(lab.read({ resourceType: 'Patient', id: 'amal' }), 403);
    });

    it('is refused a second use of an assertion, and anything that is not quite right', async () => {
        const once = assertion();
        assert.equal((await ask(once)).status, 200);
        const seconds = Math.floor(Date.now() / 1000);
        const wrong = [{ aud: 'https://other.example/token' }, { iss: 'other' }, { exp: seconds - 300 },
            { exp: seconds + 3600 }, { jti: undefined }].map(assertion);
        for (const one of [once, 'nonsense', ...wrong]) {
            const { status, answer } = await ask(one);
            assert.equal(status, 401);
            assert.equal(answer.error, 'invalid_client');
        }
        const beyond = await ask(assertion(), 'system/*.cruds');
        assert.deepEqual([beyond.status, beyond.answer.error], [400, 'invalid_scope']);
    });

    const readWith = async (files) =>
        (await send(`${address}/Observation/amal-laboratory`, { files })).status;

    it('is known by its certificate', async () => {
        assert.equal(await readWith(JSON.parse(process.env.WARD_TEST_MONITOR)), 200);
        assert.equal(await readWith(null), 401);
        assert.notEqual(await readWith(JSON.parse(process.env.WARD_TEST_STRANGER)), 200);
    });
});
