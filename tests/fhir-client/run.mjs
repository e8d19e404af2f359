// SPDX-License-Identifier: Apache-2.0
// Brings up a Ward of its own, runs every *.test.mjs beside this file against it with Node's test runner,
// stops it, and lets `ward ledger verify` check what it left. WARD_BIN is the folder of the program `ward`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const startTimeout = 60_000;

if (!process.env.WARD_BIN) {
    console.error('WARD_BIN is not set: it names the folder of the program ward');
    process.exit(2);
}
if (!existsSync(join(here, 'node_modules', 'fhir-kit-client'))) {
    console.log('SKIPPED: fhir-kit-client is not installed; ./dev deps installs it');
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

function token(scope) {
    const made = spawnSync(ward, ['token', '--data', data, '--scope', scope], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`ward token: ${made.stderr}`);
    return made.stdout.trim();
}

async function runTests(address) {
    const names = readdirSync(here).filter((name) => name.endsWith('.test.mjs'));
    const options = ['--test', ...names.map((name) => join(here, name))];
    const env = {
        ...process.env,
        WARD_ADDRESS: address,
        WARD_TOKEN: token('system/*.cruds'),
        WARD_TOKEN_PATIENT_READER: token('system/Patient.rs'),
        NODE_EXTRA_CA_CERTS: join(data, 'tls.crt'),
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

const options = ['run', '--data', data, '--listen', '127.0.0.1:0', '--passphrase-file', passphrase];
const child = spawn(ward, options, { stdio: ['ignore', 'pipe', openSync(log, 'w')] });
let passed = false;
try {
    passed = await runTests(await addressOf(child));
} catch (error) {
    console.error(error.message);
}
passed = (await stop(child)) && passed;
passed = passed && verify();
if (!passed) console.error(`ward's log ends with:\n${readFileSync(log, 'utf8').slice(-4000)}`);
rmSync(folder, { recursive: true });
process.exit(passed ? 0 : 1);
