# SPDX-License-Identifier: Apache-2.0
"""Messages of others into a running Ward: what is acknowledged, kept, and in the record."""
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
WARD = pathlib.Path(os.environ['WARD_BIN']) / 'ward'
SHARED = pathlib.Path(os.environ.get('WARD_SHARED_DATA') or HERE.parents[2] / 'shared' / 'data')
MESSAGES = SHARED / 'hl7' / 'messages'
PATIENCE = 120  # seconds, for what is waited for


class Ward:
    """A Ward of its own, with feeds on free ports."""

    def __init__(self, feeds):
        self.folder = tempfile.TemporaryDirectory(prefix='ward-feeds-')
        root = pathlib.Path(self.folder.name)
        self.data = root / 'data'
        passphrase = root / 'passphrase'
        passphrase.write_text('an invented passphrase for a test\n')
        passphrase.chmod(0o600)
        config = root / 'ward.toml'
        config.write_text(
            f'[data]\npath = "{self.data}"\n[server]\nlisten = "127.0.0.1:0"\n'
            f'[keys]\npassphrase_file = "{passphrase}"\nunwrap_burst = 100000\n'
            f'[hl7]\nfeeds = {json.dumps(feeds)}\n')
        self.config = config
        self.log = []
        self.ports = {}
        self.process = subprocess.Popen([WARD, 'run', '--config', config], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.address = None
        threading.Thread(target=self.read_log, daemon=True).start()
        for line in self.process.stdout:
            if found := re.match(r'ward: serving (https://\S+)', line):
                self.address = found[1]
                break
        if self.address is None:
            raise RuntimeError('ward did not start: ' + ''.join(self.log))
        wait_for(lambda: len(self.ports) == len(feeds))
        self.trust = ssl.create_default_context(cafile=self.data / 'tls.crt')

    def read_log(self):
        for line in self.process.stderr:
            self.log.append(line)
            if '"feed listens"' in line:
                said = json.loads(line)
                self.ports[said['feed']] = said['port']

    def run(self, *words):
        return subprocess.run([WARD, *words], capture_output=True, text=True, check=True).stdout

    def feed(self, name):
        states = json.loads(self.run('vault', 'feeds', '--data', str(self.data), '--json'))
        return next((state for state in states if state['feed'] == name), None)

    def get(self, path):
        token = self.run('token', '--data', str(self.data), '--scope', 'system/*.rs').strip()
        headers = {'Authorization': f'Bearer {token}'}
        request = urllib.request.Request(f'{self.address}/{path}', headers=headers)
        with urllib.request.urlopen(request, context=self.trust) as answer:
            return answer.headers, json.load(answer)

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


class Sender:
    """An MLLP client that shares nothing with Ward or with python3-hl7."""

    def __init__(self, port, context=None):
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=PATIENCE)
        if context:
            self.socket = context.wrap_socket(self.socket, server_hostname='127.0.0.1')
        self.received = b''

    def send(self, message):
        self.socket.sendall(b'\x0b' + message + b'\x1c\r')

    def receive(self):
        while b'\x1c\r' not in self.received:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError('closed')
            self.received += piece
        frame, self.received = self.received.split(b'\x1c\r', 1)
        return frame.lstrip(b'\x0b')

    def close(self):
        self.socket.close()


def messages_of(path):
    """What a sender would send of a file: from each MSH to the next, without what is of no message."""
    lines = re.split(rb'\r\n|\r|\n', path.read_bytes().removeprefix(b'\xef\xbb\xbf'))
    messages = []
    for line in lines:
        if re.match(rb'MSH[^A-Za-z0-9\s]', line):
            messages.append([line])
        elif messages and re.match(rb'(?![FB][HT]S)[A-Z][A-Z0-9]{2}', line):
            messages[-1].append(line)
    return [b'\r'.join(lines) + b'\r' for lines in messages]


def wanted(message):
    """The codes of HL7 v2.9, 2.9, that a receiver answers with who keeps everything that says what it is."""
    header = message.split(b'\r', 1)[0]
    fields = header.split(header[3:4])
    field = lambda number: fields[number - 1] if len(fields) >= number else b''
    if field(9).startswith(b'ACK'):
        return []
    failed = 'R' if not field(2) or not field(9) else 'E' if not field(10) else 'A'
    accept, application = field(15), field(16)
    known = (b'AL', b'NE', b'ER', b'SU')
    if accept not in known and application not in known:
        return ['A' + failed]
    wishes = (b'AL', b'SU') if failed == 'A' else (b'AL', b'ER')
    codes = ['C' + failed] if accept in wishes else []
    if application in wishes and (failed == 'A' or not codes):
        codes.append('A' + failed)
    return codes


def admission(control_id, mrn, name, more=b''):
    return (f'MSH|^~\\&|TEST|HL7|||20260911||ADT^A01|{control_id}|P|2.5\r'
            f'PID|1||{mrn}^^^CLIN^MR||{name}^PAT\r').encode() + more


class Feeds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.senders = []
        cls.ward = Ward([f'{name} 127.0.0.1:0' for name in ('all', 'other', 'quiet')] +
                        ['secure 127.0.0.1:0 tls'])

    @classmethod
    def tearDownClass(cls):
        for sender in cls.senders:
            sender.close()
        cls.ward.close()

    def sender(self, feed, context=None):
        self.senders.append(Sender(self.ward.ports[feed], context))
        return self.senders[-1]

    def test_every_public_message_is_acknowledged_rightly_and_none_is_lost(self):
        sender = self.sender('all')
        kept = set()
        count = 0
        for path in sorted(MESSAGES.iterdir()):
            for message in messages_of(path):
                count += 1
                codes = wanted(message)
                sender.send(message)
                # Behind one that is not answered at all, the answer to the next comes next.
                sender.send(b'MSH|^~\\&|TEST|MARK|||||ZZZ^Z01|mark|P|2.5\r')
                answers = []
                while not (answer := sender.receive()).endswith(b'|mark\r'):
                    answers.append(answer)
                found = [answer.split(b'\rMSA')[1][1:3].decode() for answer in answers]
                self.assertEqual(found, codes, f'{path.name}: {message[:80]}')
                header = message.split(b'\r', 1)[0]
                fields = header.split(header[3:4])
                if len(fields) > 9 and fields[1] and fields[8] and fields[9]:
                    kept.add((fields[2], fields[3], message))
        print(f'{count} messages, {len(kept)} different ones to keep')
        self.assertGreaterEqual(count, 393)
        wait_for(lambda: self.ward.feed('all')['waiting'] == 0)
        self.assertEqual(self.ward.feed('all')['messages'], len(kept) + 1)

    def test_files_of_messages_are_taken_apart(self):
        files = 0
        for path in sorted(MESSAGES.iterdir()):
            content = path.read_bytes()
            if not content.startswith(b'FHS'):
                continue
            files += 1
            sender = self.sender('other')
            sender.send(content)
            for message in messages_of(path):
                for code in wanted(message):
                    self.assertIn(f'MSA|{code}'.encode(), sender.receive(), path.name)
        self.assertGreater(files, 0)

    @unittest.skipUnless(shutil.which('mllp_send'), 'mllp_send is not installed; ./dev deps installs it')
    def test_the_client_of_python_hl7_is_understood(self):
        with tempfile.NamedTemporaryFile(suffix='.hl7') as file:
            file.write(admission('py-1', 8001, 'PYTHON'))
            file.flush()
            port = str(self.ward.ports['other'])
            command = ['mllp_send', '--loose', '-p', port, '-f', file.name, '127.0.0.1']
            sent = subprocess.run(command, capture_output=True, timeout=PATIENCE)
        self.assertIn(b'MSA|AA|py-1', sent.stdout, sent.stderr)
        wait_for(lambda: self.ward.feed('other')['waiting'] == 0)
        _, found = self.ward.get('Patient?family=PYTHON')
        self.assertEqual(len(found['entry']), 1)

    def test_over_tls_too(self):
        sender = self.sender('secure', self.ward.trust)
        sender.send(admission('tls-1', 8002, 'TLS'))
        self.assertIn(b'MSA|AA|tls-1', sender.receive())

    def test_who_reads_the_chart_is_told_until_when_it_is_complete(self):
        sender = self.sender('other')
        sender.send(admission('as-of-1', 8003, 'ASOF'))
        sender.receive()
        wait_for(lambda: re.search(r'other 20\d\d-', self.ward.get('metadata')[0].get('Ward-As-Of') or ''))
        self.assertIn('quiet never', self.ward.get('metadata')[0]['Ward-As-Of'])

    def test_a_feed_is_listed_before_it_is_heard_and_a_wrong_name_is_said(self):
        listed = self.ward.run('vault', 'feeds', '--config', str(self.ward.config))
        self.assertRegex(listed, r'(?m)^quiet +0 .* never +never$')
        with self.assertRaises(subprocess.CalledProcessError) as wrong:
            self.ward.run('vault', 'unmapped', '--data', str(self.ward.data), '--feed', 'laboratory')
        self.assertIn("no feed 'laboratory'", wrong.exception.stderr)

    def test_what_has_no_place_is_listed_without_a_value(self):
        sender = self.sender('other')
        sender.send(admission('zzz-1', 8004, 'ZZZ', b'ZPI|1|SECRET\r'))
        sender.receive()
        wait_for(lambda: self.ward.feed('other')['waiting'] == 0)
        listed = self.ward.run('vault', 'unmapped', '--data', str(self.ward.data), '--feed', 'other')
        self.assertIn('ZPI unknown segment', listed)
        self.assertNotIn('SECRET', listed)
        self.assertNotIn('SECRET', ''.join(self.ward.log))


if __name__ == '__main__':
    if not MESSAGES.is_dir():
        print('SKIPPED: no public messages; WARD_SHARED_DATA names the folder that has hl7/messages')
        sys.exit(0)
    unittest.main(verbosity=2)
