// SPDX-License-Identifier: Apache-2.0
// A real OpenID Connect provider on loopback, over TLS, as the hospital's: npm oidc-provider.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

export const audience = 'https://ward.test/fhir';

const lifetime = 600;   // of access tokens, in seconds

// Who asks, by the program: what the provider says of each. The clock that its tokens are of may be shifted
// by some seconds.
const programs = {
    'chart-viewer': { scope: 'user/Patient.rs user/Observation.rs', fhirUser: 'Practitioner/d1' },
    'amal-app': { scope: 'patient/*.rs', patient: 'amal', fhirUser: 'Patient/amal' },
    'lost-app': { scope: 'patient/*.rs' },
    'lab-viewer': { scope: 'user/Observation.rs?category=laboratory' },
    'old-viewer': { scope: 'user/Patient.read', format: 'opaque' },
    'bound-viewer': { scope: 'user/Observation.rs' },
    'ahead-viewer': { scope: 'user/Patient.rs', shift: 40 },
    'early-viewer': { scope: 'user/Patient.rs', shift: 90 },
    'behind-viewer': { scope: 'user/Patient.rs', shift: -lifetime - 20 },
    'late-viewer': { scope: 'user/Patient.rs', shift: -lifetime - 90 },
    'other-viewer': { scope: 'user/Patient.rs', iss: 'https://other.example' },
};

// Who signs in, and whom a chart was opened for in the hospital's system before an app was launched from it.
const persons = {
    dana: { patient: 'dana', fhirUser: 'Patient/dana' },
    diaz: { fhirUser: 'Practitioner/d1' },
};
const launches = { 'launch-of-elif': 'elif' };

export function makeCertificate(folder, name) {
    const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
        '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1',
        '-keyout', key, '-out', certificate], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
    return { key, certificate };
}

function signingKey(type, options, alg, kid) {
    const { privateKey } = generateKeyPairSync(type, options);
    return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid };
}

const newKeys = (year) => [signingKey('rsa', { modulusLength: 2048 }, 'RS256', `RS256-${year}`),
    signingKey('ec', { namedCurve: 'P-256' }, 'ES256', `ES256-${year}`)];

// Programs that get their tokens for themselves, by a secret.
function viewers() {
    return Object.keys(programs).map((id) => ({ client_id: id, client_secret: `secret of ${id}`,
        redirect_uris: [], response_types: [], grant_types: ['client_credentials'],
        tls_client_certificate_bound_access_tokens: id === 'bound-viewer' }));
}

// Apps that get them for the person who signs in: one without a secret, and one with a key that it alone has.
function apps(folder) {
    const app = { redirect_uris: ['http://127.0.0.1/app'], application_type: 'native',
        response_types: ['code'], grant_types: ['authorization_code'] };
    const key = signingKey('ec', { namedCurve: 'P-384' }, 'ES384', 'ehr');
    writeFileSync(join(folder, 'ehr-app.jwk'), JSON.stringify(key));
    const { d, ...publicKey } = key;
    return [{ ...app, client_id: 'chart-app', token_endpoint_auth_method: 'none' },
        { ...app, client_id: 'ehr-app', token_endpoint_auth_method: 'private_key_jwt',
            token_endpoint_auth_signing_alg: 'ES384', jwks: { keys: [publicKey] } }];
}

// SMART App Launch 2.2: the patient is beside the token, and `aud` names the server that is to be read.
class Launches {
    #patients = new Map();   // by the grant
    server;                  // what `aud` must be

    async remember(context, next) {
        await next();
        const { AuthorizationCode: code, AccessToken: token } = context.oidc?.entities ?? {};
        if (code && !token)
            this.#patients.set(code.grantId,
                launches[context.oidc.params.launch] ?? persons[code.accountId].patient);
        if (code && token && context.body?.access_token)
            context.body.patient = this.of(token).patient;
    }

    of({ accountId, grantId }) {
        return { ...persons[accountId], patient: this.#patients.get(grantId) };
    }
}

function configurationOf(keys, clients, context, errors) {
    const scopes = [...new Set(Object.values(programs).flatMap(({ scope }) => scope.split(' ')))];
    const isApp = (client) => client.responseTypes.length > 0;
    return {
        clients,
        jwks: { keys },
        cookies: { keys: ['an invented key for a test'] },
        scopes: ['openid', 'fhirUser', 'launch', 'launch/patient', ...scopes],
        claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
        conformIdTokenClaims: false,
        enabledJWA: { clientAuthSigningAlgValues: ['ES384'] },
        findAccount: (_, id) => persons[id]
            && { accountId: id, claims: () => ({ sub: id, fhirUser: persons[id].fhirUser }) },
        extraParams: {
            launch: null,
            aud(_, value, client) {
                if (isApp(client) && value !== context.server)
                    throw new errors.InvalidRequest('aud is not the server that this provider is for');
            },
        },
        features: {
            clientCredentials: { enabled: true },
            introspection: { enabled: true, allowedPolicy: () => true },
            revocation: { enabled: true },
            mTLS: { enabled: true, certificateBoundAccessTokens: true,
                getCertificate: ({ socket }) => socket.getPeerX509Certificate() },
            resourceIndicators: {
                enabled: true,
                defaultResource: (_, client) => (isApp(client) ? audience : undefined),
                useGrantedResource: () => true,
                getResourceServerInfo: (_, resource, { clientId }) => ({
                    scope: ['launch', 'launch/patient', ...scopes].join(' '),
                    audience: resource,
                    accessTokenTTL: lifetime,
                    accessTokenFormat: programs[clientId]?.format ?? 'jwt',
                    jwt: { sign: { alg: clientId === 'lab-viewer' ? 'ES256' : 'RS256' } },
                }),
            },
        },
        extraTokenClaims: (_, token) => {
            const { patient, fhirUser } = programs[token.clientId] ?? context.of(token);
            return { patient, fhirUser };
        },
        formats: {
            customizers: {
                jwt: (_, { clientId }, { payload }) => {
                    const { shift = 0, iss = payload.iss } = programs[clientId] ?? {};
                    Object.assign(payload, { iss, iat: payload.iat + shift, exp: payload.exp + shift });
                },
            },
        },
    };
}

// POST /test/new-keys makes it sign with others and forget those that it had; with ?keep=yes it keeps them.
// After POST /test/away nobody is answered.
export async function startProvider(folder) {
    const { default: Provider, errors } = await import('oidc-provider');
    const files = makeCertificate(folder, 'provider');
    const server = createServer({ key: readFileSync(files.key), cert: readFileSync(files.certificate),
        requestCert: true, rejectUnauthorized: false });
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const issuer = `https://127.0.0.1:${server.address().port}`;
    const clients = [...viewers(), ...apps(folder), { client_id: 'ward', client_secret: 'secret of ward',
        redirect_uris: [], response_types: [], grant_types: [] }];
    const context = new Launches();
    let answer;
    const signWith = (keys) => {
        const provider = new Provider(issuer, configurationOf(keys, clients, context, errors));
        provider.use((...request) => context.remember(...request));
        answer = provider.callback();
        return keys;
    };
    let keys = signWith(newKeys(2025));
    server.on('request', (request, response) => {
        const { pathname, searchParams } = new URL(request.url, issuer);
        if (!pathname.startsWith('/test/')) return answer(request, response);
        if (pathname === '/test/away') answer = ({ socket }) => socket.destroy();
        // The newest come first: the provider signs with the first that fits.
        else keys = signWith([...newKeys(2026 + keys.length), ...(searchParams.get('keep') ? keys : [])]);
        return response.end();
    });
    return { issuer, certificate: files.certificate, stop: () => server.close(),
        serve: (address) => { context.server = address; } };
}

// A token as that program gets it.
export async function tokenOf(issuer, program, resource = audience) {
    const { scope } = programs[program];
    const credentials = `${program}:${encodeURIComponent(`secret of ${program}`)}`;
    const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
    });
    const answer = await response.json();
    if (!answer.access_token) throw new Error(JSON.stringify(answer));
    return answer.access_token;
}
