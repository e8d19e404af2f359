// SPDX-License-Identifier: Apache-2.0
// Brings up a Ward of its own, runs every *.test.mjs beside this file, or in the folder beside it that the
// argument names, against it with Node's test runner, stops it, and lets `ward ledger verify` check what it
// left. WARD_BIN is the folder of the program `ward`.
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { audience, makeCertificate, startProvider } from './provider.mjs';
import { RunningWard } from './running_ward.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const tests = join(here, process.argv[2] ?? '.');

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

const ward = new RunningWard();
const { folder } = ward;
// Systems that Ward knows, one by its key and two by their certificates; and one that it does not know.
const system = join(folder, 'system.key');
const [monitor, engine, stranger] = ['monitor', 'engine', 'stranger']
    .map((name) => makeCertificate(folder, name));

function configuration(provider) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(system, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'lab', alg: 'RS384', use: 'sig' }] };
    const clients = [{ client_id: 'lab', scope: 'system/Observation.cruds', jwks },
        ...Object.entries({ monitor, engine }).map(([name, { certificate }]) => ({ client_id: name,
            scope: 'system/Observation.rs', certificate: readFileSync(certificate, 'utf8') }))];
    writeFileSync(join(folder, 'clients.json'), JSON.stringify({ clients }));
    writeFileSync(join(folder, 'secret'), 'secret of ward\n');
    const own = join(tests, 'ward.toml');
    const more = existsSync(own) ? readFileSync(own, 'utf8') : '';
    // The tests have no day to wait until an operator counts.
    return `[keys]
operator_wait_hours = 0
[access]
clients_file = "${join(folder, 'clients.json')}"
page_origins = ["https://app.example"]
[oidc]
issuer = "${provider.issuer}"
audience = "${audience}"
authorities_file = "${provider.certificate}"
client_id = "ward"
client_secret_file = "${join(folder, 'secret')}"
${more}`;
}

async function runTests(provider) {
    const trusted = join(folder, 'trusted.crt');
    const certificates = [ward.certificate, provider.certificate];
    writeFileSync(trusted, certificates.map((name) => readFileSync(name)).join('\n'));
    const names = readdirSync(tests).filter((name) => name.endsWith('.test.mjs'));
    const options = ['--test', ...names.map((name) => join(tests, name))];
    const env = {
        ...process.env,
        WARD_ADDRESS: ward.address,
        WARD_TOKEN: ward.token('system/*.cruds'),
        WARD_TOKEN_PATIENT_READER: ward.token('system/Patient.rs'),
        NODE_EXTRA_CA_CERTS: trusted,
        WARD_TEST_ISSUER: provider.issuer,
        WARD_TEST_SYSTEM_KEY: system,
        WARD_TEST_MONITOR: JSON.stringify(monitor),
        WARD_TEST_ENGINE: JSON.stringify(engine),
        WARD_TEST_STRANGER: JSON.stringify(stranger),
        WARD_TOKEN_EXPORTER: ward.token('system/*.rs', '--user', 'exporter'),
        WARD_PROGRAM: ward.program,
        WARD_DATA: ward.data,
        WARD_FOLDER: folder,
        WARD_PASSPHRASE_FILE: ward.passphrase,
    };
    const [code] = await once(spawn(process.execPath, options, { env, stdio: 'inherit' }), 'exit');
    return code === 0;
}

function verify() {
    const verified = spawnSync(ward.program, ['ledger', 'verify', '--data', ward.data], { encoding: 'utf8' });
    console.log(`ward ledger verify: ${verified.stdout}${verified.stderr}`);
    return verified.status === 0;
}

const provider = await startProvider(folder);
let passed = false;
try {
    await ward.start(configuration(provider));
    provider.serve(ward.address);
    passed = await runTests(provider);
} catch (error) {
    console.error(error.message);
}
passed = (await ward.stop()) && passed;
provider.stop();
passed = passed && verify();
if (!passed) console.error(`ward's log ends with:\n${ward.logged().slice(-4000)}`);
ward.close();
process.exit(passed ? 0 : 1);
