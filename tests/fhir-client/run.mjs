// SPDX-License-Identifier: Apache-2.0
// Brings up a Ward of its own, runs every *.test.mjs beside this file, or in the folder beside it that the
// argument names, against it with Node's test runner, stops it, and lets `ward ledger verify` check what it
// left. WARD_BIN is the folder of the program `ward`.
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { audience, makeCertificate, startProvider } from './provider.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const tests = join(here, process.argv[2] ?? '.');
const startTimeout = 60_000;

if (!process.env.WARD_BIN) {
    console.error('WARD_BIN is not set: it names the folder of the program ward');
    process.exit(2);
}
const { devDependencies: clients } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
for (const client of Object.keys(clients)) {
    if (existsSync(join(here, 'node_modules', client))) continue;
    console.log(`SKIPPED: ${client} is not installed; ./dev deps installs it`);
    process.exit(0);
}

const ward = join(process.env.WARD_BIN, 'ward');
const folder = mkdtempSync(join(tmpdir(), 'ward-fhir-client-'));
const [data, passphrase, log] = ['data', 'passphrase', 'log'].map((name) => join(folder, name));
writeFileSync(passphrase, 'an invented passphrase for a test\n', { mode: 0o600 });

// Resolves to the address that Ward says it serves.
async function addressOf(child) {
    const deadline = new Promise((_, reject) => {
        setTimeout(() => reject(new Error('ward did not say where it serves')), startTimeout).unref();
    });
    const ended = once(child, 'exit').then(([code]) => { throw new Error(`ward ended with ${code}`); });
    const said = (async () => {
        for await (const line of createInterface({ input: child.stdout })) {
            const address = line.match(/^ward: serving (https:\S+)/);
            if (address) return address[1];
        }
        throw new Error('ward closed its output');
    })();
    return Promise.race([said, ended, deadline]);
}

function token(scope, ...more) {
    const made = spawnSync(ward, ['token', '--data', data, '--scope', scope, ...more], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`ward token: ${made.stderr}`);
    return made.stdout.trim();
}

// Systems that Ward knows: one by its key, one by its certificate; and one that it does not know.
const system = join(folder, 'system.key');
const [monitor, stranger] = ['monitor', 'stranger'].map((name) => makeCertificate(folder, name));

function configure(provider) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(system, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'lab', alg: 'RS384', use: 'sig' }] };
    const clients = [{ client_id: 'lab', scope: 'system/Observation.cruds', jwks },
        { client_id: 'monitor', scope: 'system/Observation.rs',
            certificate: readFileSync(monitor.certificate, 'utf8') }];
    writeFileSync(join(folder, 'clients.json'), JSON.stringify({ clients }));
    writeFileSync(join(folder, 'secret'), 'secret of ward\n');
    const config = join(folder, 'ward.toml');
    const own = join(tests, 'ward.toml');
    const more = existsSync(own) ? readFileSync(own, 'utf8') : '';
    // The tests have no day to wait until an operator counts.
    writeFileSync(config, `[keys]
operator_wait_hours = 0
[access]
clients_file = "${join(folder, 'clients.json')}"
[oidc]
issuer = "${provider.issuer}"
audience = "${audience}"
authorities_file = "${provider.certificate}"
client_id = "ward"
client_secret_file = "${join(folder, 'secret')}"
${more}`);
    return config;
}

async function runTests(address, provider) {
    const trusted = join(folder, 'trusted.crt');
    const certificates = [join(data, 'tls.crt'), provider.certificate];
    writeFileSync(trusted, certificates.map((name) => readFileSync(name)).join('\n'));
    const names = readdirSync(tests).filter((name) => name.endsWith('.test.mjs'));
    const options = ['--test', ...names.map((name) => join(tests, name))];
    const env = {
        ...process.env,
        WARD_ADDRESS: address,
        WARD_TOKEN: token('system/*.cruds'),
        WARD_TOKEN_PATIENT_READER: token('system/Patient.rs'),
        NODE_EXTRA_CA_CERTS: trusted,
        WARD_TEST_ISSUER: provider.issuer,
        WARD_TEST_SYSTEM_KEY: system,
        WARD_TEST_MONITOR: JSON.stringify(monitor),
        WARD_TEST_STRANGER: JSON.stringify(stranger),
        WARD_TOKEN_EXPORTER: token('system/*.rs', '--user', 'exporter'),
        WARD_PROGRAM: ward,
        WARD_DATA: data,
        WARD_FOLDER: folder,
        WARD_PASSPHRASE_FILE: passphrase,
    };
    const [code] = await once(spawn(process.execPath, options, { env, stdio: 'inherit' }), 'exit');
    return code === 0;
}

async function stop(child) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    if (code !== 0) console.error(`ward ended with ${code} when it was asked to stop`);
    return code === 0;
}

function verify() {
    const verified = spawnSync(ward, ['ledger', 'verify', '--data', data], { encoding: 'utf8' });
    console.log(`ward ledger verify: ${verified.stdout}${verified.stderr}`);
    return verified.status === 0;
}

const provider = await startProvider(folder);
const options = ['run', '--config', configure(provider), '--data', data, '--listen', '127.0.0.1:0',
    '--passphrase-file', passphrase];
const child = spawn(ward, options, { stdio: ['ignore', 'pipe', openSync(log, 'w')] });
let passed = false;
try {
    passed = await runTests(await addressOf(child), provider);
} catch (error) {
    console.error(error.message);
}
passed = (await stop(child)) && passed;
provider.stop();
passed = passed && verify();
if (!passed) console.error(`ward's log ends with:\n${readFileSync(log, 'utf8').slice(-4000)}`);
rmSync(folder, { recursive: true });
process.exit(passed ? 0 : 1);
