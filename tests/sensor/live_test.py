#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""DCMTK and Orthanc talk to each other on loopback, and the sensor tells what they said.

Usage: live_test.py WARD-SENSOR. Exits with 77 where the two or the right to capture are missing.
"""
import json, os, pathlib, shutil, signal, socket, subprocess, sys, tempfile, time, unittest

SENSOR = sys.argv.pop(1)
SKIPPED = 77
PROGRAMS = ("echoscu", "storescu", "findscu", "dump2dcm", "Orthanc")
MARKER = "ZZQUOKKA"   # a patient's name that must not be told
IMAGE = f"""
(0008,0005) CS [ISO_IR 100]
(0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]
(0008,0018) UI [1.2.826.0.1.3680043.10.999.1]
(0008,0060) CS [OT]
(0008,0070) LO [Ward Imaging]
(0008,1090) LO [Model 7]
(0010,0010) PN [{MARKER}^NADIA]
(0010,0020) LO [4711{MARKER}]
(0018,1000) LO [SN-0815]
(0018,1020) LO [3.1.4]
(0020,000d) UI [1.2.826.0.1.3680043.10.999.2]
(0020,000e) UI [1.2.826.0.1.3680043.10.999.3]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 4
(0028,0011) US 4
(0028,0100) US 8
(0028,0101) US 8
(0028,0102) US 7
(0028,0103) US 0
(7fe0,0010) OB 00\\01\\02\\03\\04\\05\\06\\07\\08\\09\\0a\\0b\\0c\\0d\\0e\\0f
"""


def found(program):
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*words, status=0):
    done = subprocess.run([found(words[0]), *words[1:]], capture_output=True, text=True, timeout=60)
    assert done.returncode == status or status is None, (words, done.stdout, done.stderr)


class Live(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.dicom = free_port()
        (self.folder / "orthanc.json").write_text(json.dumps({
            "Name": "ward-test", "StorageDirectory": str(self.folder), "IndexDirectory": str(self.folder),
            "Plugins": [], "HttpServerEnabled": False, "DicomServerEnabled": True, "DicomAet": "ORTHANC",
            "DicomPort": self.dicom, "DicomCheckCalledAet": True, "DicomAlwaysAllowFind": True,
            "DicomAlwaysAllowStore": True, "DicomAlwaysAllowEcho": True}))
        self.start([found("Orthanc"), str(self.folder / "orthanc.json")])
        self.wait_for(self.dicom)
        (self.folder / "image.dump").write_text(IMAGE)
        run("dump2dcm", str(self.folder / "image.dump"), str(self.folder / "image.dcm"))

    def start(self, words, **options):
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait_for(self, port):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        self.fail("Orthanc does not answer")

    def heard(self, conversation):
        """The events of what happens on loopback meanwhile, on the port of Orthanc."""
        events = self.folder / "eve.json"
        sensor = self.start([SENSOR, "listen", "lo", "--json", str(events)], stderr=subprocess.PIPE)
        self.assertIn(b"listening", sensor.stderr.readline())
        conversation()
        time.sleep(1)   # the ring hands a block over after some milliseconds; nothing tells when
        sensor.send_signal(signal.SIGINT)
        self.assertEqual(sensor.wait(20), 0)
        self.text = events.read_text()
        sensor.stderr.close()
        told = [json.loads(line) for line in self.text.splitlines()]
        return [e["dicom"] for e in told if e["event_type"] == "dicom" and e["dest_port"] == self.dicom]

    def converse(self):
        at = ("127.0.0.1", str(self.dicom))
        run("echoscu", "-aet", "STATION1", "-aec", "ORTHANC", *at)
        run("storescu", "-aet", "CR7", "-aec", "ORTHANC", *at, str(self.folder / "image.dcm"))
        run("findscu", "-S", "-aet", "VIEWER", "-aec", "ORTHANC", "-k", "QueryRetrieveLevel=STUDY",
            "-k", f"PatientName={MARKER}*", "-k", "StudyInstanceUID", *at)
        run("echoscu", "-aet", "ROGUE", "-aec", "WRONG", *at, status=None)

    def test_associations_and_operations_are_told_and_patients_are_not(self):
        told = self.heard(self.converse)
        associations = {e["calling"]: e for e in told if e["kind"] == "association"}
        self.assertEqual(sorted(associations), ["CR7", "ROGUE", "STATION1", "VIEWER"])
        self.assertEqual(associations["ROGUE"]["outcome"], "rejected")
        self.assertIn("OFFIS_DCMTK", associations["CR7"]["requestor"]["implementation_version"])
        operations = {e["command"]: e for e in told if e["kind"] == "operation"}
        self.assertEqual(sorted(operations), ["C-ECHO", "C-FIND", "C-STORE"])
        store, find = operations["C-STORE"], operations["C-FIND"]
        self.assertEqual([store["device"][key] for key in ("manufacturer", "model", "serial", "software")],
                         ["Ward Imaging", "Model 7", "SN-0815", "3.1.4"])
        self.assertEqual(store["status_meaning"], "success")
        self.assertIn("PatientName", store["patient_fields"])
        self.assertIn("PatientName", find["query"]["wildcards"])
        self.assertNotIn(MARKER, self.text)


if __name__ == "__main__":
    missing = [program for program in PROGRAMS if not found(program)]
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except PermissionError:
        missing.append("CAP_NET_RAW")
    if missing:
        print("skipped: no", ", ".join(missing))
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
