// SPDX-License-Identifier: Apache-2.0
// A Ward of a test's own: it starts, is asked, and stops.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const patience = 60_000;

// Resolves when the condition holds, of which is asked every so often; what it answers is the result.
export async function until(condition, what, pause = 50) {
    const deadline = Date.now() + patience;
    for (;;) {
        const found = await condition();
        if (found) return found;
        if (Date.now() > deadline) throw new Error(`it did not come to pass: ${what}`);
        await new Promise((resolve) => { setTimeout(resolve, pause); });
    }
}

// In a folder of its own, which holds what a test wants beside it until close(). WARD_BIN is the folder of
// the program `ward`.
export class RunningWard {
    constructor() {
        this.program = join(process.env.WARD_BIN, 'ward');
        this.folder = mkdtempSync(join(tmpdir(), 'ward-test-'));
        for (const name of ['data', 'passphrase', 'log']) this[name] = join(this.folder, name);
        writeFileSync(this.passphrase, 'an invented passphrase for a test\n', { mode: 0o600 });
    }

    // With that for a configuration, on a free port of loopback.
    async start(config) {
        const file = join(this.folder, 'ward.toml');
        writeFileSync(file, config);
        const options = ['run', '--config', file, '--data', this.data, '--listen', '127.0.0.1:0',
            '--passphrase-file', this.passphrase];
        this.child = spawn(this.program, options, { stdio: ['ignore', 'pipe', openSync(this.log, 'w')] });
        this.address = await this.#addressOf(this.child);
        this.certificate = join(this.data, 'tls.crt');
    }

    async #addressOf(child) {
        const deadline = new Promise((_, reject) => {
            setTimeout(() => reject(new Error('ward did not say where it serves')), patience).unref();
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

    // What that command of it prints.
    run(...words) {
        const ran = spawnSync(this.program, [...words, '--data', this.data], { encoding: 'utf8' });
        if (ran.status !== 0) throw new Error(`ward ${words.join(' ')}: ${ran.stderr}`);
        return ran.stdout;
    }

    token(scope, ...more) { return this.run('token', '--scope', scope, ...more).trim(); }

    logged() { return this.child ? readFileSync(this.log, 'utf8') : ''; }

    // False if it was not there any more, or complained.
    async stop() {
        const { child } = this;
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return false;
        child.kill('SIGTERM');
        const [code] = await once(child, 'exit');
        if (code !== 0) console.error(`ward ended with ${code} when it was asked to stop`);
        return code === 0;
    }

    close() { rmSync(this.folder, { recursive: true }); }
}
