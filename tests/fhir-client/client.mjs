// SPDX-License-Identifier: Apache-2.0
// What the tests share: clients, the data, and what it means that a resource came back equal.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Client from 'fhir-kit-client';

export const address = process.env.WARD_ADDRESS;

export function clientWith(token) {
    const client = new Client({ baseUrl: address });
    if (token) client.bearerToken = token;
    return client;
}

export const ward = clientWith(process.env.WARD_TOKEN);

const shared = process.env.WARD_SHARED_DATA
    ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

// Names and paths of the JSON files in a folder of the shared data, or null if it is not there.
export function sharedFiles(folder) {
    const path = join(shared, folder);
    if (!existsSync(path)) return null;
    return readdirSync(path).filter((name) => name.endsWith('.json')).sort()
        .map((name) => ({ name, path: join(path, name) }));
}

export const readText = (path) => readFileSync(path, 'utf8');
export const readJson = (path) => JSON.parse(readText(path));

// JSON with its numbers as they are written: FHIR's decimals keep their precision (R4, json.html#primitive).
export const parseExactly = (text) => JSON.parse(text.replace(
    /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g,
    (token) => (token.startsWith('"') ? token : `"number ${token}"`),
));

// The text of a resource, which a client that makes objects of it no longer has.
export async function readExactly({ resourceType, id }) {
    const headers = { authorization: `Bearer ${process.env.WARD_TOKEN}`, accept: 'application/fhir+json' };
    return parseExactly(await (await fetch(`${address}/${resourceType}/${id}`, { headers })).text());
}

// Runs `work` on each item, some at a time.
export async function forEach(items, work, atOnce = 16) {
    const rest = [...items.entries()];
    await Promise.all(Array.from({ length: atOnce }, async () => {
        for (let next = rest.shift(); next; next = rest.shift()) await work(next[1], next[0]);
    }));
}

// The HTTP response that a FHIR answer came in.
export const httpOf = (answer) => Client.httpFor(answer).response;

// Asserts that the server refuses, with that status and an OperationOutcome that says why. Returns it.
export async function refused(promise, status) {
    const error = await promise.then(
        () => assert.fail(`it was not refused; ${status} was expected`),
        (thrown) => thrown,
    );
    if (error instanceof Error) throw error;
    assert.equal(error.response.status, status, JSON.stringify(error.response.data));
    assert.equal(error.response.data.resourceType, 'OperationOutcome');
    assert.ok(error.response.data.issue.length > 0);
    return error.response.data;
}

// Splits [base/]Type/id[/_history/version].
export function placeOf(location) {
    const parts = location.match(/([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/([A-Za-z0-9.-]+))?$/);
    assert.ok(parts, `${location} is no location of a resource`);
    return { resourceType: parts[1], id: parts[2], version: parts[3], reference: `${parts[1]}/${parts[2]}` };
}

// A copy with every Reference.reference that the map knows replaced.
export function withReferences(value, references) {
    if (Array.isArray(value)) return value.map((item) => withReferences(item, references));
    if (value === null || typeof value !== 'object') return value;
    const mapped = (name, item) => (name === 'reference' && references.has(item)
        ? references.get(item) : withReferences(item, references));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapped(name, item)]));
}

// Equal but for what the server assigns: the id, meta.versionId, meta.lastUpdated.
export function assertSame(received, sent, id, references = new Map()) {
    assert.equal(received.id, id);
    assert.ok(received.meta.versionId, 'a version was assigned');
    assert.ok(!Number.isNaN(Date.parse(received.meta.lastUpdated)), 'a time was assigned');
    const { versionId, lastUpdated } = received.meta;
    const meta = { ...sent.meta, versionId, lastUpdated };
    const expected = { ...withReferences(sent, references), id, meta };
    assert.deepEqual(received, expected);
}

// All entries of a search, page after page.
export async function allPages(first) {
    const entries = [];
    let pages = 0;
    for (let page = first; page; page = await ward.nextPage({ bundle: page })) {
        entries.push(...(page.entry ?? []));
        pages += 1;
        assert.ok(pages < 10_000, 'the pages come to an end');
    }
    return { entries, pages };
}

export const referencesOf = (entries) =>
    entries.map(({ resource }) => `${resource.resourceType}/${resource.id}`).sort();
