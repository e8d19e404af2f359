# SPDX-License-Identifier: Apache-2.0
"""A day of the lab's hospital, sent to receivers that break off, refuse or go away, and to a running Ward."""
import collections
import json
import os
import pathlib
import pty
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

import lab
import receivers

WARD = os.path.join(os.environ.get("WARD_BIN", ""), "ward")
REFUSED = "MSA|AE|{}|Mary Haddad is unknown\rERR||PID^1^5|101^Mary Haddad^HL70357|E||||Mary Haddad\r"


class Played(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def kept(self, receiver):
        self.addCleanup(receiver.stop)
        return receiver

    def assert_same(self, some, others):
        """In any order. Says which, as comparing long lists line by line takes for ever."""
        some, others = collections.Counter(some), collections.Counter(others)
        self.assertEqual((list(some - others)[:3], list(others - some)[:3]), ([], []))

    def words(self, *words, scenario="quiet", size="clinic", speed="max"):
        return ["play", scenario, "--size", size, "--seed", 7, "--speed", speed, *words]

    def play(self, *words, **chosen):
        return lab.run(*self.words(*words, **chosen))

    def begin(self, *words, **chosen):
        playing = subprocess.Popen([lab.PROGRAM, *map(str, self.words(*words, **chosen))],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(playing.kill)
        return playing

    def secured(self, **chosen):
        """A server of FHIR, and how to speak to it."""
        certificate, tls = receivers.certificate_in(self.folder)
        token = self.folder / "token"
        token.write_text("a token of nobody\n")
        server = self.kept(receivers.FhirServer(tls, **chosen))
        return server, ["--fhir-to", server.address, "--trust", certificate, "--token-file", token]


class Playing(Played):
    def test_sends_what_make_writes_and_each_until_it_is_acknowledged(self):
        seen = []

        def all_but_every_hundredth(message):
            seen.append(message)
            return receivers.TAKEN if len(seen) % 100 else None
        receiver = self.kept(receivers.Receiver(all_but_every_hundredth))
        done = self.play("--to", receiver.address, "--truth", self.folder / "truth.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        made = lab.make("quiet", self.folder / "made", "clinic")
        self.assertGreater(len(receiver.connections), 1)
        self.assert_same(receiver.acknowledged, lab.messages_of(made))
        self.assertIn(f"sent {len(receiver.acknowledged)} HL7 messages, ", done.stdout)
        self.assertEqual(json.loads((self.folder / "truth.json").read_text()), lab.truth_of(made))

    def test_sends_what_was_not_acknowledged_when_a_receiver_that_went_away_is_back(self):
        receiver = self.kept(receivers.Receiver())
        playing = self.begin("--to", receiver.address, speed=7200)
        self.assertTrue(receiver.wait_for(20))
        receiver.go_away()
        time.sleep(1.5)
        receiver.come_back()
        told, errors = playing.communicate(timeout=120)
        self.assertEqual(playing.returncode, 0, errors)
        made = lab.make("quiet", self.folder / "made", "clinic")
        self.assert_same(receiver.acknowledged, lab.messages_of(made))
        self.assertIn(f"sent {len(receiver.acknowledged)} HL7 messages, ", told)

    def test_keeps_to_the_speed_that_was_asked_for(self):
        receiver = self.kept(receivers.Receiver())
        before = time.monotonic()
        done = self.play("--to", receiver.address, speed=36000)   # the practice closes at about six
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(time.monotonic() - before, 1.2)

    def test_takes_no_speed_that_is_none(self):
        for speed in ("nan", "inf", "0", "-1", "1e-9", "1e7", "fast"):
            done = self.play(speed=speed)
            self.assertEqual(done.returncode, 2, speed)
            self.assertIn("neither a number from 0.001 to 1000000 nor max", done.stderr)

    def test_says_so_when_nobody_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        done = self.play("--to", f"127.0.0.1:{port}", "--patience", 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"127.0.0.1:{port}: Connection refused", done.stderr)
        self.assertIn("[hl7] feeds in ward.toml", done.stderr)
        self.assertIn("is no address and port", self.play("--to", "nowhere").stderr)

    def test_sends_the_trail_as_make_writes_it(self):
        collector = self.kept(receivers.Collector())
        done = self.play("--trail-to", collector.address)
        self.assertEqual(done.returncode, 0, done.stderr)
        made = lab.make("quiet", self.folder / "made", "clinic")
        self.assertEqual(collector.streams(), [(made / "atna.syslog").read_bytes()])
        self.assertIn(f"{len(lab.table_of(made))} entries", done.stdout)

    def test_sends_the_trail_whole_under_tls_to_whoever_is_slow(self):
        certificate, tls = receivers.certificate_in(self.folder)
        with socket.create_server(("127.0.0.1", 0)) as server:
            taken = []

            def take():
                connection, _ = server.accept()
                with tls.wrap_socket(connection, server_side=True) as secured:
                    while part := secured.recv(1024):
                        taken.append(part)

            taking = threading.Thread(target=take, daemon=True)
            taking.start()
            done = self.play("--trail-to", "127.0.0.1:%d" % server.getsockname()[1], "--trust", certificate)
            self.assertEqual(done.returncode, 0, done.stderr)
            taking.join(60)
        made = lab.make("quiet", self.folder / "made", "clinic")
        self.assertEqual(len(b"".join(taken)), (made / "atna.syslog").stat().st_size)

    def test_needs_a_token_and_a_certificate_for_fhir(self):
        done = self.play("--fhir-to", "127.0.0.1:8443")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--fhir-to requires", done.stderr + done.stdout)

    def test_sends_nothing_when_the_truth_could_not_be_written(self):
        receiver = self.kept(receivers.Receiver())
        for truth in (self.folder / "nowhere" / "truth.json", self.folder):
            done = self.play("--to", receiver.address, "--truth", truth)
            self.assertEqual(done.returncode, 1)
            self.assertIn(str(truth), done.stderr)
        self.assertEqual(receiver.connections, [])

    def test_shows_on_a_terminal_how_far_it_is(self):
        receiver = self.kept(receivers.Receiver())
        ours, its = pty.openpty()
        with os.fdopen(ours, "rb", buffering=0) as screen:
            playing = subprocess.Popen([lab.PROGRAM, *map(str, self.words("--to", receiver.address))],
                                       stdout=subprocess.DEVNULL, stderr=its)
            os.close(its)
            shown = b""
            try:
                while part := screen.read(65536):
                    shown += part
            except OSError:
                pass   # how a terminal ends
        self.assertEqual(playing.wait(60), 0)
        self.assertIn(b"\r 50 %  2026-03-02 12:0", shown)
        self.assertTrue(shown.endswith(b"\r100 %  2026-03-03 00:00 \r\n"), shown[-80:])


class Senders(Played):
    def test_each_system_has_a_connection_and_what_stands_in_for_it_one_for_each_message(self):
        receiver = self.kept(receivers.Receiver())
        truth = self.folder / "truth.json"
        done = self.play("--to", receiver.address, "--truth", truth, scenario="rogue-dicom-hl7", size="small")
        self.assertEqual(done.returncode, 0, done.stderr)
        alone = {one[4:] for step in json.loads(truth.read_text())["steps"]
                 if step["id"] in ("merges", "results", "failover", "second-line")
                 for one in step["events"] if one.startswith("hl7:")}
        self.assertGreater(len(alone), 20)
        for messages in receiver.connections:
            if not alone.isdisjoint(map(receivers.control_id_of, messages)):
                self.assertEqual(len(messages), 1)
        kept = [{message.split("|")[2] for message in messages}
                for messages in receiver.connections if len(messages) > 1]
        self.assertEqual(sorted(map(sorted, kept)), [["EHR"], ["LIS"], ["MONGW"], ["PUMPGW"], ["RIS"]])

    def test_each_site_has_its_own_record_and_trail(self):
        receiver, collector = self.kept(receivers.Receiver()), self.kept(receivers.Collector())
        done = self.play("--to", receiver.address, "--trail-to", collector.address, size="group")
        self.assertEqual(done.returncode, 0, done.stderr)
        senders = [{message.split("|")[2] for message in messages}
                   for messages in receiver.connections if len(messages) > 1]   # merges come alone
        self.assertTrue(all(len(names) == 1 for names in senders))
        self.assertGreater(senders.count({"EHR"}), 1)
        made = lab.make("quiet", self.folder / "made", "group")
        streams = collector.streams()
        self.assertEqual(len(streams), senders.count({"EHR"}))
        self.assertEqual(sum(map(len, streams)), (made / "atna.syslog").stat().st_size)

    def test_broken_entries_of_the_trail_come_over_connections_of_their_own(self):
        collector = self.kept(receivers.Collector())
        done = self.play("--trail-to", collector.address, scenario="malformed-feeds", size="small")
        self.assertEqual(done.returncode, 0, done.stderr)
        made = lab.make("malformed-feeds", self.folder / "made", "small")
        streams = sorted(collector.streams(), key=len)
        self.assertEqual(len(streams), 3, "the record, an old sender in it, and an intruder")
        self.assertEqual(sum(map(len, streams)), (made / "atna.syslog").stat().st_size)
        self.assertEqual(streams[-1].count(b"</AuditMessage>"), len(lab.table_of(made)))

    def test_resources_come_from_the_system_that_has_them(self):
        server, words = self.secured()
        done = self.play(*words, size="small")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = [{json.loads(bundle)["id"].split("-")[0] for bundle in bundles}
                for bundles in server.connections.values()]
        self.assertEqual(sorted(map(sorted, told)), [["devices"], ["study"]])


class Refusals(Played):
    def test_are_told_by_codes_and_end_with_three(self):
        receiver = self.kept(receivers.Receiver(lambda message: REFUSED))
        done = self.play("--to", receiver.address)
        self.assertEqual(done.returncode, 3, done.stderr)
        count = len(receiver.acknowledged)
        self.assertIn(f"sent {count} HL7 messages, ", done.stdout)
        self.assertIn(f"; {count} were refused", done.stdout)
        told = done.stderr.splitlines()
        self.assertEqual(len(told), 6)
        for line in told[:5]:
            self.assertRegex(line, r"^refused: HL7 [A-Z]{3}\^[A-Z]\d\d EHR\d+: "
                                   r"AE 101 required field missing at PID-5$")
        self.assertEqual(told[5], f"refused: {count - 5} more")
        self.assertNotIn("Haddad", done.stderr)

    def test_of_what_is_broken_on_purpose_are_no_failure(self):
        made = lab.make("malformed-feeds", self.folder / "made", "small")
        odd = {event[4:] for step in lab.truth_of(made)["steps"] if step["id"] == "messages"
               for event in step["events"] if event.startswith("hl7:")}

        def refuse_odd(message):
            number = receivers.control_id_of(message)
            is_long = message.count("\r") > 1000   # but as HL7 has it
            return "MSA|AR|{}\r" if not is_long and (number in odd or not number) else receivers.TAKEN
        receiver = self.kept(receivers.Receiver(refuse_odd))
        done = self.play("--to", receiver.address, scenario="malformed-feeds", size="small")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("; 0 were refused", done.stdout)
        refused, cut = map(int, re.search(r"on purpose (\d+) were refused too, and (\d+) ended",
                                          done.stdout).groups())
        self.assertGreater(refused, 0)
        self.assertGreater(cut, 0)
        came = [message for messages in receiver.connections for message in messages]
        self.assert_same(came, lab.messages_of(made))
        self.assertEqual(len(came) - len(receiver.acknowledged), cut)

    def test_by_fhir_are_told_by_codes(self):
        outcome = {"resourceType": "OperationOutcome", "issue": [
            {"severity": "error", "code": "Mary Haddad"},
            {"severity": "error", "code": "business-rule", "diagnostics": "Mary Haddad is unknown"}]}
        _, words = self.secured(answer=lambda number: (422, json.dumps(outcome)))
        done = self.play(*words)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("refused: FHIR transaction 1: HTTP 422 Unprocessable Content, business-rule\n",
                      done.stderr)
        self.assertNotIn("Haddad", done.stderr)

    def test_that_say_not_now_are_tried_again(self):
        server, words = self.secured(answer=lambda number: (503, "") if number == 1 else (201, "{}"))
        done = self.play(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f" {server.count - 1} FHIR transactions", done.stdout)
        _, words = self.secured(answer=lambda number: (503, ""))
        done = self.play(*words, "--patience", 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn("HTTP 503", done.stderr)

    def test_to_answer_at_all_are_borne_for_as_long_as_the_patience(self):
        waiting = threading.Event()
        self.addCleanup(waiting.set)

        def never(_):
            waiting.wait(60)
            return 200, "{}"
        server, words = self.secured(answer=never)
        before = time.monotonic()
        done = self.play(*words, "--patience", 2)
        self.assertEqual(done.returncode, 1)
        self.assertLess(time.monotonic() - before, 30)
        self.assertIn(f"{server.address}: it did not answer in time; it was tried for 2 s", done.stderr)
        self.assertIn("[server] listen in ward.toml", done.stderr)


class Ending(Played):
    """Before its time."""

    def test_on_a_signal_all_of_the_minute_is_sent_and_the_truth_is_of_that(self):
        receiver = self.kept(receivers.Receiver())
        truth = self.folder / "truth.json"
        playing = self.begin("--to", receiver.address, "--truth", truth, speed=3600)
        self.assertTrue(receiver.wait_for(20))
        playing.send_signal(signal.SIGINT)
        told, errors = playing.communicate(timeout=60)
        self.assertEqual(playing.returncode, 128 + signal.SIGINT, errors)
        self.assertIn(f"sent {len(receiver.acknowledged)} HL7 messages, ", told)
        end = json.loads(truth.read_text())["end"]
        self.assertIn(f"stopped at {end[:10]} {end[11:19]} of the story", errors)
        made = lab.make("quiet", self.folder / "made", "clinic")
        until = re.sub(r"\D", "", end[:19])
        self.assert_same(receiver.acknowledged,
                         [one for one in lab.messages_of(made) if one.split("|")[6][:14] < until])
        self.assertEqual([one.name for one in self.folder.glob("truth*")], ["truth.json"])

    def test_on_a_signal_nobody_is_waited_for_long(self):
        with socket.create_server(("127.0.0.1", 0)) as server:   # takes connections, and says nothing
            playing = self.begin("--to", "127.0.0.1:%d" % server.getsockname()[1], "--patience", 3600)
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                playing.send_signal(signal.SIGTERM)
                told, errors = playing.communicate(timeout=30)
        self.assertEqual(playing.returncode, 128 + signal.SIGTERM, errors)
        self.assertIn("sent 0 HL7 messages", told)

    def test_when_the_receiver_is_gone_for_good_what_was_sent_is_told(self):
        receiver = receivers.Receiver()
        truth = self.folder / "truth.json"
        playing = self.begin("--to", receiver.address, "--truth", truth, "--patience", 1, speed=3600)
        self.assertTrue(receiver.wait_for(20))
        receiver.go_away()
        told, errors = playing.communicate(timeout=60)
        self.assertEqual(playing.returncode, 1)
        self.assertIn(f"sent {len(receiver.acknowledged)} HL7 messages, ", told)
        self.assertIn(f"{receiver.address}: Connection refused; it was tried for 1 s", errors)
        self.assertRegex(errors, r"ended at 2026-03-02 \d\d:\d\d:\d\d of the story")
        self.assertLess(json.loads(truth.read_text())["end"], "2026-03-03")


@unittest.skipUnless(pathlib.Path(WARD).exists(), "SKIPPED: no ward is built")
class PlayingIntoWard(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.data = self.folder / "data"

    def start(self, feed):
        """A Ward of its own, and where its feed and its FHIR door listen."""
        passphrase, config = self.folder / "passphrase", self.folder / "ward.toml"
        passphrase.write_text("an invented passphrase for a test\n")
        passphrase.chmod(0o600)
        config.write_text(f'[data]\npath = "{self.data}"\n[server]\nlisten = "127.0.0.1:0"\n'
                          f'[keys]\npassphrase_file = "{passphrase}"\nunwrap_burst = 100000\n'
                          f'[hl7]\nfeeds = ["hospital {feed}"]\n')
        ward = subprocess.Popen([WARD, "run", "--config", config], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        self.addCleanup(ward.stdout.close)
        self.addCleanup(ward.stderr.close)
        port = next(found[1] for line in ward.stderr
                    if (found := re.search(r'"feed listens".*"port":(\d+)', line)))
        reading = threading.Thread(target=ward.stderr.read, daemon=True)
        reading.start()
        self.addCleanup(reading.join)
        self.addCleanup(ward.wait, timeout=60)
        self.addCleanup(ward.terminate)
        door = next(found[1] for line in ward.stdout if (found := re.search(r"https://([^/ ]+)", line)))
        return f"127.0.0.1:{port}", door

    def play(self, *words):
        return lab.run("play", "quiet", "--size", "clinic", "--seed", 7, "--speed", "max", *words)

    def test_sends_messages_that_are_mapped(self):
        feed, _ = self.start("127.0.0.1:0")
        done = self.play("--to", feed)
        self.assertEqual(done.returncode, 0, done.stderr)
        sent = int(re.match(r"sent (\d+) HL7 messages, .* 0 were refused", done.stdout)[1])
        self.assertGreater(sent, 50)
        self.assertEqual(self.when_mapped()["messages"], sent)

    def test_goes_on_when_what_is_broken_is_refused(self):
        feed, _ = self.start("127.0.0.1:0")
        odd = self.folder / "odd.toml"
        odd.write_text('''name = "odd"\ntitle = "Messages that no reader expects"\ndays = 1\nsize = "clinic"\n
            [[step]]\nid = "odd"\ndo = "send-oddly"\nattack = true\nat = "1d 12:00"\nmachine = "workstation"
            count = 60\nfind = "feed-malformed"\nwithin_minutes = 30\ntechnique = "T1499.004"\n''')
        done = lab.run("play", odd, "--seed", 7, "--speed", "max", "--patience", 20, "--to", feed)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        self.assertRegex(done.stdout, r"broken on purpose [1-9]\d* were refused")

    def test_sends_messages_and_resources_under_tls_of_the_same_patients(self):
        feed, door = self.start("127.0.0.1:0 tls")
        token = self.folder / "token"
        made = subprocess.run([WARD, "token", "--data", self.data, "--scope", "system/*.cruds"],
                              check=True, capture_output=True, text=True)
        token.write_text(made.stdout)
        done = self.play("--to", feed, "--fhir-to", door, "--trust", self.data / "tls.crt",
                         "--token-file", token)
        self.assertEqual(done.returncode, 0, done.stderr)
        messages, transactions = map(int, re.match(
            r"sent (\d+) HL7 messages, (\d+) FHIR transactions, .* 0 were refused", done.stdout).groups())
        self.assertGreater(messages, 50)
        self.assertGreater(transactions, 0)
        self.when_mapped()
        made = lab.make("quiet", self.folder / "made", "clinic")
        told = (made / "fhir.ndjson").read_text()
        self.assertEqual(len(told.splitlines()), transactions)
        numbers = set(re.findall(r'"urn:oid:[0-9.]+","value":"(\d+)"', told))
        self.assertGreater(len(numbers), 0)
        for number in numbers:   # both told of them, and they are one patient each, with their studies
            patients = self.bundle(door, token, f"Patient?identifier={number}")["entry"]
            self.assertEqual(len(patients), 1, patients)
            patient = patients[0]["resource"]["id"]
            self.assertGreater(self.bundle(door, token, f"ImagingStudy?patient={patient}")["total"], 0)

    def bundle(self, door, token, query):
        trust = ssl.create_default_context(cafile=self.data / "tls.crt")
        asked = urllib.request.Request(f"https://{door}/fhir/{query}",
                                       headers={"Authorization": "Bearer " + token.read_text().strip()})
        with urllib.request.urlopen(asked, context=trust) as answer:
            return json.load(answer)

    def when_mapped(self):
        until = time.monotonic() + 120
        while time.monotonic() < until:
            told = subprocess.run([WARD, "vault", "feeds", "--data", self.data, "--json"],
                                  capture_output=True, text=True)
            states = json.loads(told.stdout or "[]")
            if states and states[0]["waiting"] == 0:
                return states[0]
            time.sleep(0.2)
        raise AssertionError("not all messages were mapped in time")


if __name__ == "__main__":
    lab.main()
