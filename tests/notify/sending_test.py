# SPDX-License-Identifier: Apache-2.0
"""ward-notify as its operator and its receivers meet it."""
import datetime
import email
import email.policy
import hashlib
import hmac
import json
import os
import pathlib
import queue
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

import receivers

NOTIFY = os.environ["WARD_NOTIFY"]
WATCH = os.environ["WARD_WATCH"]
SOON = 20   # seconds, for what comes at once
BATCH = 90   # for what waits a minute


NANOSECONDS = 1_000_000_000


def page(case=1, outside="203.0.113.9"):
    """Two findings that make one page, and no case of enough risk."""
    return [(case, 10, "beacon", ("10.1.2.3", outside)), (case + 1, 10, "indicator", ("10.2.2.3", outside))]


def roast():
    """What a real finding is made of: service tickets with a weak cipher, half an hour ago."""
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=30)
    return "".join(json.dumps({
        "timestamp": then.strftime(f"%Y-%m-%dT%H:%M:00.{number:06}+0000"), "flow_id": number,
        "event_type": "krb5", "src_ip": "10.0.1.7", "src_port": 50000 + number, "dest_ip": "10.0.0.1",
        "dest_port": 88, "proto": "TCP", "community_id": f"1:{number}", "app_proto": "krb5",
        "krb5": {"msg_type": "KRB_TGS_REP", "sname": f"http/{number}", "ticket_encryption": "rc4-hmac"},
    }) + "\n" for number in range(30))


class Sending(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        for name in ("watch", "notify", "secret"):
            (self.folder / name).mkdir(mode=0o700)
        self.certificate = receivers.Certificate(self.folder / "secret")
        self.settings = {"authorities_file": str(self.certificate.file)}
        self.running = None

    def start_receiver(self, make, *words, **options):
        receiver = make(*words, **options)
        self.addCleanup(receiver.close)
        return receiver

    def set(self, **settings):
        self.settings.update(settings)
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in self.settings.items()]
        (self.folder / "ward.toml").write_text("[notify]\n" + "".join(lines))

    def words(self, *words):
        return [NOTIFY, *words, "--config", self.folder / "ward.toml", "--data", self.folder]

    def secret(self, text):
        file = self.folder / "secret" / "words"
        file.write_text(text)
        return str(file)

    def watch(self, *words, **options):
        done = subprocess.run([WATCH, *words], capture_output=True, text=True, timeout=60, **options)
        self.assertEqual(done.returncode, 0, done.stderr)

    def open_desk(self):
        """As the watch does, so that somebody has it open."""
        if not hasattr(self, "desk"):
            self.watch("read", "-", "--keep", self.folder / "watch", input="")
            self.desk = sqlite3.connect(self.folder / "watch" / "desk.db", timeout=30, isolation_level=None)
            self.addCleanup(self.desk.close)
            self.desk.execute("SELECT count(*) FROM finding").fetchone()
        return self.desk

    def found(self, findings):
        """Each a case, its risk in percent, a kind and systems, found a second after the one before."""
        desk = self.open_desk()
        for case, risk, kind, systems in findings:
            number, = desk.execute("SELECT count(*) + 1 FROM finding").fetchone()
            now = (int(time.time()) - 1000 + number) * NANOSECONDS
            words = {"severity": "critical", "confidence": risk,
                     "sentence": "Eine Maschine ruft an, Tag für Tag.", "harmless_if": "If meant."}
            desk.execute("BEGIN IMMEDIATE")
            shown = now if risk >= 25 else None
            desk.execute("INSERT INTO case_row VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                         (case, now, shown, shown and int(time.time() * NANOSECONDS)))
            desk.execute("INSERT INTO finding VALUES (?, ?, ?, ?, 3, ?, 0, ?, ?, ?)",
                         (number, kind, now, json.dumps(systems), risk, case, int(time.time() * NANOSECONDS),
                          json.dumps(words)))
            desk.execute("COMMIT")

    def start(self):
        log = open(self.folder / "log", "a")
        self.addCleanup(log.close)
        self.running = subprocess.Popen(self.words("run"), stderr=log)
        self.addCleanup(self.stop)

    def stop(self, how=signal.SIGTERM):
        if self.running and self.running.poll() is None:
            self.running.send_signal(how)
            self.running.wait(60)
        return self.running.returncode

    def log(self):
        return (self.folder / "log").read_text()

    def wait_for_log(self, text):
        end = time.monotonic() + SOON
        while text not in self.log():
            self.assertLess(time.monotonic(), end, f"no {text!r} in {self.log()}")
            time.sleep(0.05)

    def try_out(self, *words, status=0):
        done = subprocess.run(self.words("test", *words), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr


class Testing(Sending):
    def test_a_webhook_over_tls_is_signed_and_told_of(self):
        hook = self.start_receiver(receivers.Webhook, self.certificate)
        self.set(webhook=f"https://127.0.0.1:{hook.port}/ward", webhook_secret_file=self.secret("s3cret\n"))
        told = self.try_out("--webhook")
        self.assertIn(f"connected to: 127.0.0.1:{hook.port}\n  TLS: TLSv1.3", told)
        self.assertIn("answer: HTTP/1.0 204 No Content", told)
        headers, body = hook.got.get(timeout=SOON)
        wanted = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["Ward-Signature"], f"sha256={wanted}")
        self.assertEqual(json.loads(body)["notices"][0]["what"], "test")
        self.assertIn(json.loads(body)["message"], told)

    def test_a_certificate_of_somebody_else_is_refused(self):
        other = receivers.Certificate(self.folder / "secret", "other")
        hook = self.start_receiver(receivers.Webhook, other)
        mail = self.start_receiver(receivers.Mail, other)
        collector = self.start_receiver(receivers.Collector, other)
        self.set(webhook=f"https://127.0.0.1:{hook.port}/", smtp=f"smtp://127.0.0.1:{mail.port}",
                 mail_from="ward@hospital.example", mail_to=["soc@hospital.example"],
                 syslog=f"tls://127.0.0.1:{collector.port}")
        told = self.try_out(status=1)
        self.assertEqual(told.count("failed: SSL certificate problem"), 3, told)
        for one in (hook, mail, collector):
            self.assertTrue(one.got.empty())

    def test_a_certificate_for_another_name_is_refused(self):
        other = receivers.Certificate(self.folder / "secret", "other", "DNS:elsewhere.example")
        hook = self.start_receiver(receivers.Webhook, other)
        self.set(webhook=f"https://127.0.0.1:{hook.port}/", authorities_file=str(other.file))
        self.assertIn("failed: SSL: no alternative certificate", self.try_out(status=1))
        self.assertTrue(hook.got.empty())

    def test_a_redirect_is_not_followed(self):
        other = self.start_receiver(receivers.Webhook)
        hook = self.start_receiver(receivers.Webhook)
        hook.status, hook.answer_headers = 307, {"Location": f"http://127.0.0.1:{other.port}/"}
        self.set(webhook=f"http://127.0.0.1:{hook.port}/")
        self.assertIn("failed: it would not have it: HTTP/1.0 307", self.try_out(status=1))
        self.assertTrue(other.got.empty())

    def test_an_answer_without_end_is_not_read(self):
        hook = self.start_receiver(receivers.Webhook)
        hook.status, hook.body = 200, b"x" * 1_000_000
        self.set(webhook=f"http://127.0.0.1:{hook.port}/")
        self.assertIn("the answer is longer than any should be", self.try_out(status=1))

    def test_mail_goes_over_starttls_with_a_password_to_all_and_to_those_who_are_paged(self):
        mail = self.start_receiver(receivers.Mail, self.certificate)
        self.set(smtp=f"smtp://127.0.0.1:{mail.port}", smtp_credentials_file=self.secret("ward\np4ss\n"),
                 mail_from="ward@hospital.example", mail_to=["soc@hospital.example", "it@hospital.example"],
                 page_to=["pager@hospital.example"])
        told = self.try_out("--mail")
        self.assertEqual(told.count("answer: 250 taken as 4711"), 2, told)
        sender, to, text, user = mail.got.get(timeout=SOON)
        self.assertEqual(sender, "ward@hospital.example")
        self.assertEqual(to, ["soc@hospital.example", "it@hospital.example"])
        self.assertEqual(user, [b"ward", b"p4ss"])
        message = email.message_from_bytes(text, policy=email.policy.default)
        self.assertEqual(message["Subject"], "[Ward] A test message")
        self.assertEqual(message.defects, [])
        _, to, text, _ = mail.got.get(timeout=SOON)
        self.assertEqual(to, ["pager@hospital.example"])
        self.assertIn(b"Importance: high", text)

    def test_mail_to_a_server_without_tls_is_not_sent_unless_told_so(self):
        mail = self.start_receiver(receivers.Mail)
        self.set(smtp=f"smtp://127.0.0.1:{mail.port}", mail_from="ward@hospital.example",
                 mail_to=["soc@hospital.example"])
        self.assertIn("failed: ", self.try_out(status=1))
        self.assertTrue(mail.got.empty())
        self.set(smtp=f"smtp+plain://127.0.0.1:{mail.port}")
        self.assertIn("TLS: none", self.try_out())

    def test_a_server_that_speaks_tls_from_the_start_gets_mail(self):
        mail = self.start_receiver(receivers.Mail, self.certificate, starttls=False)
        self.set(smtp=f"smtps://127.0.0.1:{mail.port}", mail_from="ward@hospital.example",
                 mail_to=["soc@hospital.example"])
        self.assertIn("TLS: TLSv1.3", self.try_out())

    def test_a_receiver_who_is_refused_is_an_error_with_the_answer(self):
        mail = self.start_receiver(receivers.Mail)
        mail.refuse = "550 nobody of that name"
        self.set(smtp=f"smtp+plain://127.0.0.1:{mail.port}", mail_from="ward@hospital.example",
                 mail_to=["soc@hospital.example"])
        self.assertIn("550 nobody of that name", self.try_out(status=1))

    def test_syslog_arrives_over_udp_tcp_and_tls_in_both_formats(self):
        datagrams = self.start_receiver(receivers.Datagrams)
        self.set(syslog=f"udp://127.0.0.1:{datagrams.port}")
        self.try_out()
        self.assertRegex(datagrams.next(),
                         r'^<85>1 \S+Z \S+ ward-notify - test \[ward@32473 id="[0-9a-f]{32}"')
        for scheme, certificate in (("tcp", None), ("tls", self.certificate)):
            collector = self.start_receiver(receivers.Collector, certificate)
            self.set(syslog=f"{scheme}://127.0.0.1:{collector.port}", syslog_format="cef")
            self.try_out("--syslog")
            self.assertIn("CEF:0|Ward|Ward|1|test|A test message|0|", collector.got.get(timeout=SOON))

    def test_nobody_there_is_told_as_that(self):
        with receivers.free_port() as port:
            self.set(webhook=f"http://127.0.0.1:{port}/")
            self.assertIn("connected to: nobody", self.try_out(status=1))

    def test_settings_that_are_wrong_are_named(self):
        for settings, wanted in (({"webhook": "http://hook.example/"}, "webhook: without TLS"),
                                 ({"webhook": "", "syslog": "smtp://a"}, "syslog: begins with none"),
                                 ({"syslog": "", "syslog_format": "xml"}, "syslog_format: is neither"),
                                 ({"syslog_format": "cef", "smtp": "smtp://a", "mail_from": "a"},
                                  "mail_from: a is no mail address"),
                                 ({"smtp": "", "sites": ["north"]}, "sites: a site is a name")):
            self.set(**settings)
            self.assertIn(f"{self.folder / 'ward.toml'}: [notify] {wanted}", self.try_out(status=1))

    def test_a_secret_is_what_its_file_says_without_the_end_of_the_line(self):
        hook = self.start_receiver(receivers.Webhook)
        self.set(webhook=f"http://127.0.0.1:{hook.port}/")
        for text in ("s3cret", "s3cret\n", "s3cret\r\n"):
            self.set(webhook_secret_file=self.secret(text))
            self.try_out()
            headers, body = hook.got.get(timeout=SOON)
            wanted = hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
            self.assertEqual(headers["Ward-Signature"], f"sha256={wanted}", repr(text))
        file = self.secret("\n")
        self.assertIn(f"failed: [notify] webhook_secret_file: {file} cannot be read, or is empty",
                      self.try_out(status=1))


class Running(Sending):
    def test_a_page_goes_at_once_and_only_once_over_a_new_start(self):
        hook = self.start_receiver(receivers.Webhook)
        self.set(webhook=f"http://127.0.0.1:{hook.port}/", sites=["nord 10.1.0.0/16", "süd 10.2.0.0/16"])
        self.found(page())
        self.start()
        notice, = json.loads(hook.got.get(timeout=SOON)[1])["notices"]
        self.assertEqual((notice["what"], notice["sites"]), ("paging", ["nord", "süd"]))
        self.wait_for_log("message sent")
        self.assertEqual(self.stop(), 0)
        self.start()
        self.found(page(3, "203.0.113.10"))
        notice, = json.loads(hook.got.get(timeout=SOON)[1])["notices"]
        self.assertEqual(notice["indicator"], "203.0.113.10")

    def test_what_comes_within_a_minute_is_one_message_and_later_mail_joins_its_thread(self):
        mail = self.start_receiver(receivers.Mail)
        self.set(smtp=f"smtp+plain://127.0.0.1:{mail.port}", mail_from="ward@hospital.example",
                 mail_to=["soc@hospital.example"])
        self.start()
        self.found([(1, 30, "worm", ["10.1.2.3"]), (2, 80, "worm", ["10.1.9.9"])])
        first = email.message_from_bytes(mail.got.get(timeout=BATCH)[2], policy=email.policy.default)
        self.assertEqual(first["Subject"], "[Ward] 2 notices, risk up to 80 %: case 1, 2")
        self.assertIn("Tag für Tag", first.get_content())
        self.found([(1, 60, "worm", ["10.1.2.3"])])
        second = email.message_from_bytes(mail.got.get(timeout=BATCH)[2], policy=email.policy.default)
        self.assertEqual(second["Subject"], "[Ward] Case 1 has become worse: worm, risk 60 %")
        self.assertEqual(second["In-Reply-To"], first["Message-ID"])
        self.assertTrue(mail.got.empty())

    def test_a_server_that_was_away_gets_it_later(self):
        with receivers.free_port() as port:
            pass
        self.set(webhook=f"http://127.0.0.1:{port}/")
        self.found(page())
        self.start()
        self.wait_for_log("message not sent")
        hook = self.start_receiver(receivers.Webhook, port=port)
        self.assertEqual(len(json.loads(hook.got.get(timeout=40)[1])["notices"]), 1)

    def test_what_nobody_answers_comes_to_page_and_only_once(self):
        hook = self.start_receiver(receivers.Webhook)
        self.set(webhook=f"http://127.0.0.1:{hook.port}/")
        desk = self.open_desk()
        self.watch("read", "-", "--keep", self.folder / "watch", "--json", os.devnull, input=roast())
        for _ in range(3):
            for row, column in (("case_row", "told"), ("finding", "kept"), ("step", "made")):
                desk.execute(f"UPDATE {row} SET {column} = {column} - 86400000000000")
            self.watch("escalate", "--in", self.folder / "watch")
        self.start()
        notice, = json.loads(hook.got.get(timeout=SOON)[1])["notices"]
        self.assertEqual((notice["what"], notice["case"], notice["level"], notice["pages"]),
                         ("escalated", 1, 3, True))
        self.assertEqual((notice["kinds"], notice["machines"][0]), (["kerberoasting"], "10.0.1.7"))
        self.wait_for_log("message sent")
        self.stop()
        self.start()
        self.found(page(3))
        notice, = json.loads(hook.got.get(timeout=SOON)[1])["notices"]
        self.assertEqual(notice["what"], "paging")
        self.watch("case", "1", "--acknowledge", "--by", "eve", "--in", self.folder / "watch")

    def test_a_desk_that_comes_later_is_heard(self):
        hook = self.start_receiver(receivers.Webhook)
        self.set(webhook=f"http://127.0.0.1:{hook.port}/")
        self.start()
        self.wait_for_log("notices are sent")
        self.found(page())
        self.assertEqual(len(json.loads(hook.got.get(timeout=SOON)[1])["notices"]), 1)

    def test_a_kill_while_it_sends_sends_the_same_again(self):
        hook = self.start_receiver(receivers.Webhook)
        hook.may_answer.clear()
        self.set(webhook=f"http://127.0.0.1:{hook.port}/")
        self.found(page())
        self.start()
        first = hook.got.get(timeout=SOON)
        self.stop(signal.SIGKILL)
        hook.may_answer.set()
        self.start()
        second = hook.got.get(timeout=SOON)
        self.assertEqual(first[1], second[1])
        self.assertEqual(first[0]["Ward-Message"], second[0]["Ward-Message"])
        self.wait_for_log("message sent")
        self.stop()
        told = subprocess.run(self.words("status"), capture_output=True, text=True, timeout=60).stdout
        self.assertIn("webhook  0 waiting, 0 pending, 1 sent, 0 given up", told)
        self.assertTrue(hook.got.empty())


if __name__ == "__main__":
    unittest.main()
