# SPDX-License-Identifier: Apache-2.0
"""No patient's value and no secret leaves the sensor, whatever protocol carried it and whatever it writes."""
import base64
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

import made_capture
import sensor

# Values that nothing else looks like.
FAMILY, GIVEN, BIRTH, MRN = "Zorbanek", "Quilithe", "19530217", "MRN7740913"
BIRTH_DASHED, MRN_AS_PATH = "1953-02-17", "7740913-pat"
NOTE = "vexillated grommet pain"
PASSWORD, TOKEN, COOKIE = "hunter-Xq77", "tok-9f8e7d6c5b4a", "sid-55c1d2e3"
NURSE = "k.wolframson"
# Of paths that name a patient in few digits or in none.
SHORT, CASE = "Q77409", "MR77409"
PATHS = [f"/chart/{FAMILY}:8080/x", f"/{'-'.join(FAMILY)}", f"/app/{FAMILY.lower()}-19-53.js",
         f"/search/{FAMILY}/{GIVEN}", f"/search/{FAMILY.lower()}/{GIVEN.lower()}",
         f"/chart/{FAMILY}%5E{GIVEN}", f"/{FAMILY}", f"/{FAMILY.upper()}/x",
         f"/emr/Patient/4711/{FAMILY.upper()}", f"/accession/{SHORT}", f"/chart/{CASE}", f"/app/{CASE}",
         "/app/1953.02.17", f"/episode/{CASE}/{GIVEN}.php", f"/app/scan.{FAMILY.lower()}",
         f"/fhir/Task/{CASE}", f"/fhir/Patient/{MRN_AS_PATH}/{GIVEN.upper()}"]
MARKERS = [FAMILY, GIVEN, BIRTH, BIRTH_DASHED, "1953.02.17", MRN, MRN_AS_PATH, SHORT, CASE, NOTE, PASSWORD,
           TOKEN, COOKIE, NURSE]
NAME = f"{FAMILY}^{GIVEN}"


def hl7(*segments):
    return b"\x0b" + "\r".join(segments).encode() + b"\r\x1c\r"


def hl7_conversation():
    head = "MSH|^~\\&|BED4|UNIT07|HIS|CLIN|20260911||ORU^R01^ORU_R01|M1|P|2.5.1"
    message = hl7(head, f"PID|1||{MRN}^^^CLIN^MR||{NAME}||{BIRTH}|F|||Elm St. {NOTE}||{PASSWORD}",
                  f"NK1|1|{NAME}|MTH", f"OBR|1|{MRN}||GLU^{NOTE}", f"OBX|1|ST|GLU^Glucose||{NOTE}||||||F",
                  f"NTE|1||{NAME} {NOTE}", f"ZPI|{NAME}|{MRN}")
    refusal = hl7("MSH|^~\\&|HIS|CLIN|BED4|UNIT07|2026||ACK^R01|A1|P|2.5.1", f"MSA|AE|M1|{NAME} unknown",
                  f"ERR|PID^1^5|{NAME}|207^{NOTE}^HL70357|E||||{NAME} {MRN}")
    # A line that only begins like a header, and an error that quotes what it did not find.
    report = hl7(head, f"OBX|1|TX|1||Report\nMSH6: MSH6 expression lost in {FAMILY}, {GIVEN}; {MRN}",
                 f"ERR|Patient {FAMILY} {MRN} not found", f"MSH-6: {NAME}")
    # Headers that run into the patient's segment, or are made of it.
    patient = f"PID|1||{MRN}||{NAME}|{FAMILY}^Mother|{BIRTH}"
    torn = [hl7(begin + patient) for begin in (head, head + "\\r", head + "\x1e", head + "|||AL|NE|USA|",
                                               head[:9], head[:14], head[:30])]
    return [message, (refusal,), *torn, message[:120], message, report, f"MSH7: {NAME} {NOTE}\r".encode()]


def element(group, number, kind, value):
    """PS3.5, 7.1.2: explicit VR little endian."""
    value = value.encode() if isinstance(value, str) else value
    value += b" " * (len(value) % 2)
    return struct.pack("<HH2sH", group, number, kind, len(value)) + value


def command(fields):
    body = b"".join(struct.pack("<HHI", 0, number, len(value)) + value for number, value in fields)
    return struct.pack("<HHII", 0, 0, 4, len(body)) + body


def dicom_transfer(control, value):
    return struct.pack("!BBIIBB", 4, 0, len(value) + 6, len(value) + 2, 1, control) + value


def dicom_item(kind, value):
    return struct.pack("!BBH", kind, 0, len(value)) + value


def dicom_association(kind, syntax):
    context = b"\x01\0\0\0" + (dicom_item(0x30, syntax) if kind == 1 else b"")
    context += dicom_item(0x40, b"1.2.840.10008.1.2.1")
    user = dicom_item(0x51, struct.pack("!I", 16384)) + dicom_item(0x52, b"1.2.3.4")
    if kind == 1:
        user += dicom_item(0x58, b"\x02\0" + struct.pack("!H", 5) + b"alice" +
                           struct.pack("!H", len(PASSWORD)) + PASSWORD.encode())
    body = (struct.pack("!HH16s16s32x", 1, 0, b"WARDPACS".ljust(16), b"CT9000".ljust(16)) +
            dicom_item(0x10, b"1.2.840.10008.3.1.1.1") + dicom_item(0x20 if kind == 1 else 0x21, context) +
            dicom_item(0x50, user))
    return struct.pack("!BBI", kind, 0, len(body)) + body


def dicom_dataset(level=None):
    elements = element(8, 0x52, b"CS", level) if level else b""
    elements += element(8, 0x60, b"CS", "CT") + element(8, 0x1030, b"LO", NOTE)
    elements += element(0x10, 0x10, b"PN", NAME) + element(0x10, 0x20, b"LO", MRN)
    return elements + element(0x10, 0x30, b"DA", BIRTH) + element(0x10, 0x4000, b"LT", NOTE)


def dicom_conversation(syntax, number, dataset, answer=None):
    uid = syntax + b"\0" * (len(syntax) % 2)
    base = [(0x0002, uid), (0x0100, struct.pack("<H", number)), (0x0110, b"\1\0"), (0x0700, b"\0\0"),
            (0x0800, b"\1\0")]
    if number == 1:
        base.append((0x1000, b"1.2.826.77\0\0"))
    answered = [(0x0002, uid), (0x0100, struct.pack("<H", number | 0x8000)), (0x0120, b"\1\0")]
    done = [*answered, (0x0800, b"\1\1"), (0x0900, b"\0\0"), (0x0902, f"{NAME} {NOTE} ".encode())]
    answers = b""
    if answer:
        pending = [*answered, (0x0800, b"\1\0"), (0x0900, b"\0\xff")]
        answers = dicom_transfer(3, command(pending)) + dicom_transfer(2, answer)
    return [dicom_association(1, syntax), (dicom_association(2, syntax),),
            dicom_transfer(3, command(base)) + dicom_transfer(2, dataset),
            (answers + dicom_transfer(3, command(done)),), bytes.fromhex("05000000000400000000"),
            (bytes.fromhex("06000000000400000000"),)]


def http(line, body="", **fields):
    lines = [line] + [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


def fhir_conversation():
    patient = (f'{{"resourceType":"Patient","id":"{MRN_AS_PATH}","identifier":[{{"value":"{MRN}"}}],'
               f'"name":[{{"family":"{FAMILY}","given":["{GIVEN}"]}}],"birthDate":"{BIRTH_DASHED}",'
               f'"text":{{"div":"{NOTE}"}}}}')
    host = {"Host": "fhir.example", "Authorization": f"Bearer {TOKEN}", "Cookie": f"session={COOKIE}"}
    json = {"Content_Type": "application/fhir+json"}
    return [http(f"GET /fhir/Patient/{MRN_AS_PATH} HTTP/1.1", **host),
            (http("HTTP/1.1 200 OK", patient, **json),),
            http(f"GET /fhir/Patient?name={FAMILY}&given={GIVEN}&birthdate=eq{BIRTH_DASHED}"
                 f"&identifier=urn:x%7C{MRN} HTTP/1.1", **host),
            (http("HTTP/1.1 302 Found", Location=f"/fhir/Patient/{MRN_AS_PATH}?name={FAMILY}"),),
            http("POST /fhir/Patient/_search HTTP/1.1", f"family={FAMILY}&identifier={MRN}",
                 Content_Type="application/x-www-form-urlencoded", **host),
            (http("HTTP/1.1 200 OK", f'{{"resourceType":"Bundle","entry":[{{"resource":{patient}}}]}}',
                  **json),),
            http("PUT /fhir/Patient/" + MRN_AS_PATH + " HTTP/1.1", patient, **json, **host),
            (http("HTTP/1.1 422 No", f'{{"resourceType":"OperationOutcome","issue":[{{"severity":"error",'
                  f'"code":"invalid","diagnostics":"{FAMILY} {MRN}"}}]}}', **json),),
            http(f"DELETE /fhir/Patient?identifier={MRN} HTTP/1.1", Authorization=TOKEN)]


def web_conversation():
    return [http("POST /login HTTP/1.1", f"user={FAMILY}&password={PASSWORD}&note={NOTE}", Host="his.example",
                 Referer=f"http://his.example/chart?name={FAMILY}&dob={BIRTH_DASHED}",
                 Content_Type="application/x-www-form-urlencoded"),
            (http("HTTP/1.1 200 OK", f"<html>{NAME} {NOTE}</html>", Set_Cookie=f"sid={COOKIE}"),),
            http(f"GET /chart/{MRN}/report.pdf?mrn={MRN}&token={TOKEN} HTTP/1.1", Host="his.example"),
            (http("HTTP/1.1 404 Not Found"),),
            http(f"GET /chart/{FAMILY}_{GIVEN}_{BIRTH}.pdf HTTP/1.1", Host="his.example"),
            (http("HTTP/1.1 404 Not Found"),),
            http(f"GET http://{FAMILY}:{PASSWORD}@his.example/ HTTP/1.1", Host="his.example"),
            (http("HTTP/1.1 404 Not Found"),),
            *(said for path in PATHS
              for said in (http(f"GET {path} HTTP/1.1", Host="his.example"),
                           (http("HTTP/1.1 302 Found", Location=path),)))]


def written_freely():
    """Where the standard wants a host, a method, a product or a media type."""
    return [http(f"CONNECT /patient/{GIVEN}-{FAMILY} HTTP/1.1", Host=f"{FAMILY}:{PASSWORD}@h"),
            (http("HTTP/1.1 400 Bad Request", Server=f"{FAMILY} {GIVEN}"),),
            http(f"{FAMILY.upper()} /$everything-{FAMILY}?name:{FAMILY}=1&p[{FAMILY}]=2 HTTP/1.1", Host="h",
                 User_Agent=f"App/1 ({FAMILY} {GIVEN}; {MRN})", X_Forwarded_For=FAMILY,
                 Content_Type=f"{FAMILY}/{GIVEN}"),
            (http("HTTP/1.1 101 Switching Protocols", Upgrade=FAMILY),)]


def astm_conversation():
    said = [b"\x05", (b"\x06",)]
    records = ["H|\\^&|||WARD-LAB^1.4^AN31||||||||LIS2-A2|20260911",
               f"P|1||{MRN}||{NAME}||{BIRTH}|F|||{NOTE}",
               f"O|1|{MRN}||^^^GLU", "R|1|^^^GLU|66|mg/dL||N||F", f"C|1|I|{NOTE} {NAME}", "L|1|N"]
    for number, record in enumerate(records, 1):
        body = f"{number}{record}\r\x03".encode()
        said += [b"\x02" + body + b"%02X\r\n" % (sum(body) % 256), (b"\x06",)]
    return said + [b"\x04"]


def poct_conversation():
    header = '<HDR><HDR.control_id V="10002"/><HDR.version_id V="POCT1"/></HDR>'
    return [(f'<OBS.R01>{header}<SVC><SVC.role_cd V="OBS"/><PT><PT.patient_id V="{MRN}"/>'
             f'<PT.name><GIV V="{GIVEN}"/><FAM V="{FAMILY}"/></PT.name><PT.birth_date V="{BIRTH_DASHED}"/>'
             f'<OBS><OBS.value V="107"/><NTE><NTE.text V="{NOTE}"/></NTE></OBS></PT>'
             f"</SVC></OBS.R01>").encode(),
            (f'<ACK.R01>{header}<ACK><ACK.type_cd V="AE"/><ACK.ack_control_id V="10002"/>'
             f'<ACK.error_detail V="{NAME} {NOTE}"/></ACK></ACK.R01>'.encode(),)]


def bare_astm_conversation():
    """Records whose ends would be others if their beginnings were lost: a header, a result."""
    return [f"H|\\^&|||ANALYZER-Y\rP|1||{MRN}||".encode(), f"H{NAME}||{BIRTH}|F|||{NOTE}\rP|2||".encode(),
            f"R|1|2|3|4|5|6|7|8|9|10|11|12|{NAME}\rL|1|N\r".encode()]


def intellivue():
    """The result of a poll for a patient's demographics (programming guide, chapter 5)."""
    def attribute(number, value):
        return struct.pack("!HH", number, len(value)) + value

    def text(value):
        characters = value.encode("utf-16be") + b"\0\0"
        return struct.pack("!H", len(characters)) + characters

    fields = [attribute(0x095d, text(GIVEN)), attribute(0x095c, text(FAMILY)), attribute(0x095a, text(MRN))]
    listed = struct.pack("!HH", len(fields), len(b"".join(fields))) + b"".join(fields)
    polled = struct.pack("!HH", 1, len(listed) + 2) + struct.pack("!H", 4) + listed
    contexts = struct.pack("!HHH", 1, len(polled) + 2, 0) + polled
    found = struct.pack("!HI8xHHH", 1, 1000, 1, 42, 0) + contexts
    action = struct.pack("!HHIHH", 33, 0, 0, 0x0c16, len(found)) + found
    command = struct.pack("!HHH", 1, 7, len(action)) + action
    return struct.pack("!HHHH", 0xe100, 2, 2, len(command)) + command


def discovery():
    space = "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01"
    return (f'<?xml version="1.0"?><s:Envelope xmlns:d="{space}"><s:Header><a:Action>{space}/Hello</a:Action>'
            "</s:Header><s:Body><d:Hello><d:Types>dpws:Device mdpws:MedicalDevice</d:Types><d:Scopes>"
            f"sdc.ctxt.loc:/x?poc=ICU sdc.ctxt.pat:/hosp/{MRN} sdc.ctxt.opr:/hosp/{NURSE} "
            f"SDC.CTXT.PAT:/h/{MRN} http://x.example/patient/{FAMILY} x:/{FAMILY}</d:Scopes>"
            f"<d:XAddrs>http://10.7.1.9/chart/{CASE}?n={FAMILY}</d:XAddrs>"
            "</d:Hello></s:Body></s:Envelope>").encode()


def carescape():
    return (bytes.fromhex("0a01020300010000") + b"TELE".ljust(12, b"\0") + b"ICU|BED4".ljust(16, b"\0") +
            NAME.encode().ljust(40, b"\0"))


def audit():
    return (f'<85>1 2026-08-21T10:00:00Z pacs1 ARR 42 IHE+RFC-3881 - <?xml version="1.0"?><AuditMessage>'
            f'<EventIdentification EventActionCode="R" EventOutcomeIndicator="0"><EventID csd-code="110112" '
            f'codeSystemName="DCM" originalText="Query"/></EventIdentification>'
            f'<ActiveParticipant UserID="{NURSE}" UserIsRequestor="true"/>'
            f'<ParticipantObjectIdentification ParticipantObjectID="{MRN}^^^x" ParticipantObjectTypeCode="1" '
            f'ParticipantObjectTypeCodeRole="1"><ParticipantObjectName>{NAME}</ParticipantObjectName>'
            f"<ParticipantObjectQuery>{base64.b64encode(NOTE.encode()).decode()}</ParticipantObjectQuery>"
            f"</ParticipantObjectIdentification></AuditMessage>").encode()


def smb2(number, identifier, body, flags=0):
    head = struct.pack("<4sHHIHHIIQIIQ16x", b"\xfeSMB", 64, 0, 0, number, 1, flags, 0, identifier, 0, 5, 9)
    return struct.pack("!I", len(head + body)) + head + body


def smb_create(name):
    path = name.encode("utf-16le")
    return struct.pack("<H22xI8xIIHH8x", 57, 2, 5, 0, 120, len(path)) + path


def smb_conversation():
    share = f"\\\\files\\Radiology".encode("utf-16le")
    negotiated = struct.pack("<HHHH16xIIIIQQHHI", 65, 1, 0x0210, 0, 0, 65536, 65536, 65536, 0, 0, 128, 0, 0)
    said = [smb2(0, 0, struct.pack("<HHHHI16xQHH", 36, 2, 1, 0, 0, 0, 0x0210, 0x0300)),
            (smb2(0, 0, negotiated, 1),),
            smb2(3, 1, struct.pack("<HHHH", 9, 0, 72, len(share)) + share),
            (smb2(3, 1, struct.pack("<HB13x", 16, 1), 1),)]
    names = [f"{FAMILY}\\{GIVEN}_{BIRTH}.docx", f"scan.{FAMILY}", f"{GIVEN}.Zorba", f"report.{MRN}",
             f"a.{MRN[3:]}"]
    for identifier, name in enumerate(names, 2):
        said += [smb2(5, identifier, smb_create(name)),
                 (smb2(5, identifier, struct.pack("<H46xQ8xQQ8x", 89, 0, identifier, identifier), 1),)]
    return said


def smtp_conversation():
    mail = (f"From: {GIVEN} {FAMILY} <{GIVEN}.{FAMILY}@example.org>\r\nSubject: {NAME} {NOTE}\r\n"
            f"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Disposition: attachment; "
            f'filename="{FAMILY}_{BIRTH}.pdf"\r\n\r\n{NOTE}\r\n--x--\r\n.\r\n')
    login = base64.b64encode(f"\0{FAMILY}\0{PASSWORD}".encode()).decode()
    return [(b"220 mx ESMTP\r\n",), b"EHLO clinic.example\r\n", (b"250 AUTH PLAIN\r\n",),
            f"AUTH PLAIN {login}\r\n".encode(), (b"235 ok\r\n",),
            f"MAIL FROM:<{GIVEN}.{FAMILY}@example.org>\r\n".encode(), (b"250 a\r\n",),
            f"RCPT TO:<{FAMILY}@example.org>\r\n".encode(), (f"250 {FAMILY} ok\r\n".encode(),), b"DATA\r\n",
            (b"354 b\r\n",), mail.encode(), (f"250 {NOTE}\r\n".encode(),), b"QUIT\r\n", (b"221 bye\r\n",)]


def ftp_conversation():
    said = [(b"220 (vsFTPd 3.0.3)\r\n",)]
    for line, reply in [(f"USER {FAMILY}", f"331 Password for {FAMILY}"), (f"PASS {PASSWORD}", "230 Welcome"),
                        (f"CWD /scans/{NAME}", "250 ok"), (f"STOR {FAMILY}_{BIRTH}.dcm", "226 done"),
                        (f"RETR {GIVEN}.zorba", f"550 no {GIVEN}"), (f"DELE scan.{FAMILY}", "250 ok"),
                        (f"SITE CHMOD 600 {NAME}", "200 ok")]:
        said += [line.encode() + b"\r\n", (reply.encode() + b"\r\n",)]
    return said


def mysql_greeting():
    body = (b"\x0a" + f"5.5-{FAMILY}".encode() + b"\0" + struct.pack("<I", 7) + b"saltsalt\0" +
            struct.pack("<HBHH", 0xffff, 33, 2, 0xffff) + bytes([21]) + bytes(10) + b"saltsaltsalt\0" +
            GIVEN.encode() + b"\0")
    return struct.pack("<I", len(body))[:3] + b"\0" + body


def client_hello(*protocols):
    names = b"".join(bytes([len(name)]) + name.encode() for name in protocols)
    extension = struct.pack("!HHH", 16, len(names) + 2, len(names)) + names
    body = (b"\x03\x03" + bytes(32) + b"\0" + struct.pack("!HHBB", 2, 0x1301, 1, 0) +
            struct.pack("!H", len(extension)) + extension)
    hello = b"\x01" + struct.pack("!I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack("!H", len(hello)) + hello


def day(capture=None):
    """Everything once, each on its server, as this capture hears it."""
    capture = capture or made_capture.Capture()
    capture.tcp("10.7.1.1", 2575, *hl7_conversation())
    find, store = b"1.2.840.10008.5.1.4.1.2.2.1", b"1.2.840.10008.5.1.4.1.1.2"
    capture.tcp("10.7.1.2", 104, *dicom_conversation(store, 1, dicom_dataset()))
    study = dicom_dataset("STUDY")
    capture.tcp("10.7.1.2", 104, *dicom_conversation(find, 0x20, study, study))
    capture.tcp("10.7.1.3", 8080, *fhir_conversation())
    capture.tcp("10.7.1.4", 80, *web_conversation())
    capture.tcp("10.7.1.13", 80, *written_freely())
    capture.tcp("10.7.1.5", 5000, *astm_conversation())
    capture.tcp("10.7.1.6", 4000, *poct_conversation())
    texts = [f"his app: {NAME} {NOTE} {PASSWORD}", f"{FAMILY}: pump stopped", f"{GIVEN} {FAMILY}: alarm",
             f"Patient {FAMILY}[{MRN[3:]}]: admitted", f"10.7.1.7 {FAMILY}: {NOTE}", f"{MRN} his: {NOTE}",
             f"{FAMILY}.{GIVEN} his[4]: {NOTE}", f"{CASE} his[4]: {NOTE}"]
    capture.udp("10.7.1.7", 514, audit(), *(f"<34>Oct 11 22:14:15 {text}".encode() for text in texts),
                f"<34>1 2 tablets {GIVEN} {FAMILY} {MRN}".encode(),
                f"<34>1 - alarm: patient {FAMILY}, {GIVEN} {MRN} 1".encode())
    capture.tcp("10.7.1.11", 5000, *bare_astm_conversation())
    capture.udp("10.7.1.12", 24105, intellivue())
    capture.udp("239.255.255.250", 3702, discovery())
    capture.udp("239.255.255.250", 1900,
                f"NOTIFY * HTTP/1.1\r\nLOCATION: http://10.7.1.9/patient/{FAMILY}\r\n"
                f"NT: {NAME}\r\nUSN: uuid:/{MRN}\r\n\r\n".encode(),
                f"NOTIFY * HTTP/1.1\r\nNT: urn:{FAMILY}\r\nUSN: uuid:{FAMILY}-{BIRTH}\r\nNTS: {GIVEN}\r\n"
                f"SERVER: {GIVEN} {FAMILY}\r\nUSER-AGENT: {GIVEN}'s PC\r\n"
                f"LOCATION: http://10.7.1.9/chart/{FAMILY}:1.2.3.4.5\r\n\r\n".encode())
    capture.tcp("10.7.1.14", 3306, (mysql_greeting(),))
    capture.tcp("10.7.1.15", 443, client_hello(GIVEN, "h2"))
    capture.udp("10.7.255.255", 7000, carescape())
    capture.tcp("10.7.1.8", 445, *smb_conversation())
    capture.tcp("10.7.1.9", 25, *smtp_conversation())
    capture.tcp("10.7.1.10", 21, *ftp_conversation())
    return capture.bytes()


def forms(value):
    """How a value might hide in a text."""
    plain = value.encode()
    yield from (plain, plain.lower(), plain.upper(), value.encode("utf-16le"), value.encode("utf-16be"))
    for raw in {plain, plain.lower(), plain.upper(), value.encode("utf-16le")}:
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        # Base64 of what begins 0, 1 or 2 bytes before; the ends depend on what stands beside.
        for shift in range(3):
            yield base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4]
    yield plain[::-1]
    yield "-".join(value).encode()
    yield plain.replace(b" ", b"%20")
    yield plain.replace(b" ", b"+")


def found(text):
    values = MARKERS + [NAME, f"{GIVEN}^{FAMILY}", f"{GIVEN} {FAMILY}", MRN[3:], "zorba"]
    lowered = text.lower()
    # What is shorter is anywhere.
    leaks = {value for value in values for form in forms(value) if len(form) >= 7 and form in text}
    return leaks | {value for value in values if value.lower().encode() in lowered}


class Privacy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.capture = day()
        cls.keys = []
        for number in (1, 2):
            path = pathlib.Path(cls.folder.name, f"key{number}")
            path.write_bytes(bytes([number]) * 32)
            os.chmod(path, 0o600)
            cls.keys.append(path)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def read(self, *options):
        done = sensor.read("-", options=options, given=self.capture)
        self.assertEqual(done.status, 0, done.errors)
        return done

    def assert_keeps_quiet(self, *texts):
        for text in texts:
            self.assertEqual(found(text), set())

    def test_the_search_finds_what_it_is_made_to_find(self):
        self.assertLessEqual(set(MARKERS), found(self.capture))
        self.assertIn(PASSWORD, found(base64.b64encode(b"x" + PASSWORD.encode() + b"yz")))
        self.assertIn(FAMILY, found(FAMILY.encode("utf-16le").hex().encode()))

    def test_every_protocol_of_the_capture_is_read(self):
        told = {event["event_type"] for event in self.read().events}
        wanted = ("hl7 dicom http fhir astm poct1a intellivue sdc carescape syslog atna smb smtp ftp mysql "
                  "tls ssdp")
        self.assertLessEqual(set(wanted.split()), told)
        operations = [what["command"] for _, what in sensor.of_type(self.read().events, "dicom")
                      if what["kind"] == "operation"]
        self.assertEqual(sorted(operations), ["C-FIND", "C-STORE"])

    def test_no_event_tells_a_patient_or_a_secret(self):
        done = self.read("--stats")
        self.assert_keeps_quiet(done.output, done.errors.encode())

    def test_nor_does_one_with_pseudonyms(self):
        done = self.read("--stats", "--pseudonym-key", self.keys[0])
        self.assert_keeps_quiet(done.output, done.errors.encode())
        for key in self.keys:
            self.assertNotIn(key.read_bytes().hex().encode(), done.output)

    def test_nor_does_a_file_of_events(self):
        path = pathlib.Path(self.folder.name, "events.json")
        done = self.read("--json", path)
        self.assertIn(b'"hl7"', path.read_bytes())
        self.assert_keeps_quiet(path.read_bytes(), done.output, done.errors.encode())

    def test_nor_does_ocsf(self):
        self.assert_keeps_quiet(self.read("--format", "ocsf").output)

    def inventory(self, capture, *options):
        path = pathlib.Path(self.folder.name, "day.pcap")
        path.write_bytes(capture)
        done = subprocess.run([sensor.PROGRAM, "devices", path, *options], capture_output=True, check=True)
        return done.stdout, done.stderr

    def test_nor_does_the_inventory_of_devices(self):
        for options in ((), ("--json", "-")):
            told, errors = self.inventory(self.capture, *options)
            self.assertIn(b"10.7.1.2", told)
            self.assert_keeps_quiet(told, errors)

    def assert_keeps_quiet_of(self, capture):
        done = sensor.read("-", options=["--stats"], given=capture)
        self.assertEqual(done.status, 0, done.errors)
        self.assert_keeps_quiet(done.output, done.errors.encode(),
                                *self.inventory(capture, "--json", "-"))
        return done

    def test_nor_does_a_capture_with_gaps(self):
        for hundredths in range(5, 100, 10):
            done = self.assert_keeps_quiet_of(day(made_capture.Gapped(hundredths)))
            self.assertTrue(any("gap" in flow.get("not_inspected", {})
                                for _, flow in sensor.of_type(done.events, "flow")))

    def test_nor_does_a_capture_of_one_side(self):
        for side in (0, 1):
            self.assert_keeps_quiet_of(day(made_capture.OneSide(side)))

    def test_nor_does_a_capture_that_is_cut_anywhere(self):
        whole = self.capture
        for end in range(200, len(whole), len(whole) // 40):
            self.capture = whole[:end]
            done = sensor.read("-", given=self.capture)
            self.assert_keeps_quiet(done.output, done.errors.encode())
        self.capture = whole

    def test_nor_does_a_capture_that_lost_packets_anywhere(self):
        records = made_capture.records_of(self.capture)
        for count in (3, 4, 5, 7, 11):
            for first in range(count):
                kept = [record for number, record in enumerate(records) if number % count != first]
                done = sensor.read("-", given=made_capture.PCAP_HEADER + b"".join(kept))
                self.assert_keeps_quiet(done.output, done.errors.encode())

    def test_without_a_key_there_is_no_pseudonym(self):
        for kind in ("hl7", "dicom", "fhir", "astm", "poct1a"):
            for _, what in sensor.of_type(self.read().events, kind):
                self.assertNotIn("patient", what)

    def pseudonyms(self, key):
        events = self.read("--pseudonym-key", key).events
        return {kind: {what["patient"] for _, what in sensor.of_type(events, kind) if "patient" in what}
                for kind in ("hl7", "dicom", "astm", "poct1a")}

    def test_the_same_key_names_a_patient_alike_in_all_protocols_and_another_otherwise(self):
        first, again, other = (self.pseudonyms(key) for key in (self.keys[0], self.keys[0], self.keys[1]))
        self.assertEqual(first, again)
        every = set().union(*first.values())
        self.assertEqual(len(every), 1, first)
        self.assertTrue(every.isdisjoint(set().union(*other.values())))
        for kind, names in first.items():
            self.assertEqual(names, every, kind)


if __name__ == "__main__":
    sensor.main()
