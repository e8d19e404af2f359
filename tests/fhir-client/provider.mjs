// SPDX-License-Identifier: Apache-2.0
// A real OpenID Connect provider on loopback, over TLS, as the hospital's: npm oidc-provider.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

export const audience = 'https://ward.test/fhir';

// Who asks, by the program: what the provider says of each.
const programs = {
    'chart-viewer': { scope: 'user/Patient.rs user/Observation.rs', fhirUser: 'Practitioner/d1' },
    'amal-app': { scope: 'patient/*.rs', patient: 'amal', fhirUser: 'Patient/amal' },
    'lost-app': { scope: 'patient/*.rs' },
    'lab-viewer': { scope: 'user/Observation.rs?category=laboratory' },
    'old-viewer': { scope: 'user/Patient.read', format: 'opaque' },
};

export function makeCertificate(folder, name) {
    const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
        '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1',
        '-keyout', key, '-out', certificate], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
    return { key, certificate };
}

function signingKey(type, options, alg) {
    const { privateKey } = generateKeyPairSync(type, options);
    return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg, kid: alg };
}

export async function startProvider(folder) {
    const { default: Provider } = await import('oidc-provider');
    const files = makeCertificate(folder, 'provider');
    const server = createServer({ key: readFileSync(files.key), cert: readFileSync(files.certificate) });
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const issuer = `https://127.0.0.1:${server.address().port}`;
    const scopes = [...new Set(Object.values(programs).flatMap(({ scope }) => scope.split(' ')))];
    const client = (id, grants) => ({ client_id: id, client_secret: `secret of ${id}`, redirect_uris: [],
        response_types: [], grant_types: grants });
    const viewers = Object.keys(programs).map((id) => client(id, ['client_credentials']));
    const provider = new Provider(issuer, {
        clients: [...viewers, client('ward', [])],
        jwks: { keys: [signingKey('rsa', { modulusLength: 2048 }, 'RS256'),
            signingKey('ec', { namedCurve: 'P-256' }, 'ES256')] },
        scopes,
        features: {
            devInteractions: { enabled: false },
            clientCredentials: { enabled: true },
            introspection: { enabled: true, allowedPolicy: () => true },
            resourceIndicators: {
                enabled: true,
                useGrantedResource: () => true,
                getResourceServerInfo: (context, resource, { clientId }) => ({
                    scope: scopes.join(' '),
                    audience: resource,
                    accessTokenTTL: 600,
                    accessTokenFormat: programs[clientId]?.format ?? 'jwt',
                    jwt: { sign: { alg: clientId === 'lab-viewer' ? 'ES256' : 'RS256' } },
                }),
            },
        },
        extraTokenClaims: (context, token) => {
            const { patient, fhirUser } = programs[token.clientId] ?? {};
            return { patient, fhirUser };
        },
    });
    server.on('request', provider.callback());
    return { issuer, certificate: files.certificate, stop: () => server.close() };
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
