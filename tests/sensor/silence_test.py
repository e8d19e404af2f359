#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sensor sends nothing: in a network of its own, every frame that leaves its side is counted.

Usage: silence_test.py WARD-SENSOR. Exits with 77 where network namespaces cannot be made.
"""
import json, os, pathlib, select, shutil, signal, socket, struct, subprocess, sys, tempfile, time, unittest

SENSOR = sys.argv.pop(1)
SKIPPED = 77
FRAMES = 2000
ETH_P_ALL = 3


def run(*words):
    subprocess.run(words, check=True, capture_output=True)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def udp_frame(number):
    """A DNS query that would tempt a curious program to ask back."""
    name = b"\x04host\x07example\x00"
    dns = struct.pack("!6H", number & 0xffff, 0x0100, 1, 0, 0, 0) + name + struct.pack("!2H", 1, 1)
    udp = struct.pack("!4H", 40000 + number % 1000, 53, 8 + len(dns), 0) + dns
    ends = socket.inet_aton("192.0.2.1") + socket.inet_aton("192.0.2.2")
    head = struct.pack("!BBHHHBBH8s", 0x45, 0, 20 + len(udp), number & 0xffff, 0, 64, 17, 0, ends)
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return b"\x02\0\0\0\0\x02" + b"\x02\0\0\0\0\x01" + b"\x08\0" + head + udp


def arp_request():
    """Somebody asks for an address that the sensor's side does not have."""
    sender = b"\x02\0\0\0\0\x01"
    body = struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 1, sender, socket.inet_aton("192.0.2.1"),
                       bytes(6), socket.inet_aton("192.0.2.2"))
    return b"\xff" * 6 + sender + b"\x08\x06" + body


class Silence(unittest.TestCase):
    def socket_on(self, end):
        outside = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.addCleanup(outside.close)
        outside.bind((end, ETH_P_ALL))
        return outside

    def connect(self, end, other):
        """Waits until a frame gets from one end to the other: until then the kernel drops what is sent."""
        here, there = self.socket_on(end), self.socket_on(other)
        deadline = time.monotonic() + 20
        while not select.select([there], [], [], 0.05)[0]:
            self.assertLess(time.monotonic(), deadline, "no frame arrives at the other end")
            here.send(arp_request())
        here.close()
        there.close()

    def listening_on(self, end, events):
        sensor = subprocess.Popen([SENSOR, "listen", end, "--json", str(events)], stderr=subprocess.PIPE)
        self.addCleanup(sensor.kill)
        self.assertIn(b"listening", sensor.stderr.readline())
        return sensor

    def test_nothing_leaves_the_interface_that_is_listened_on(self):
        for end in ("mirror", "tap"):
            # Neither end has an address, and the kernel itself stays silent too.
            path = pathlib.Path(f"/proc/sys/net/ipv6/conf/{end}/disable_ipv6")
            if path.exists():
                path.write_text("1")
            run("ip", "link", "set", end, "arp", "off", "up")
        self.connect("mirror", "tap")
        outside = self.socket_on("mirror")
        with tempfile.TemporaryDirectory() as folder:
            events = pathlib.Path(folder) / "eve.json"
            sensor = self.listening_on("tap", events)
            heard = 0
            for number in range(FRAMES):
                outside.send(arp_request() if number % 100 == 0 else udp_frame(number))
                heard += self.frames_from_the_sensor(outside)
            deadline = time.monotonic() + 2
            while time.monotonic() < deadline:
                select.select([outside], [], [], 0.1)
                heard += self.frames_from_the_sensor(outside)
            sensor.send_signal(signal.SIGTERM)
            self.assertEqual(sensor.wait(20), 0)
            sensor.stderr.close()
            self.assertEqual(heard, 0, "frames left the sensor's interface")
            told = [json.loads(line) for line in events.read_text().splitlines()]
        packets = sum(e["stats"]["kernel_packets"] for e in told
                      if e["event_type"] == "stats" and e["timestamp"] == self.last(told, e))
        kernel = pathlib.Path("/proc/net/dev").read_text()
        self.assertGreaterEqual(packets, FRAMES, "the sensor did not hear what was sent:\n" + kernel)
        self.assertTrue(any(e["event_type"] == "dns" for e in told))

    def test_an_interface_that_is_down_costs_nothing_and_one_that_is_removed_ends_it(self):
        run("ip", "link", "add", "port", "type", "veth", "peer", "name", "plug")
        for end in ("port", "plug"):
            run("ip", "link", "set", end, "arp", "off", "up")
        self.connect("plug", "port")
        outside = self.socket_on("plug")
        with tempfile.TemporaryDirectory() as folder:
            events = pathlib.Path(folder) / "eve.json"
            sensor = self.listening_on("port", events)
            run("ip", "link", "set", "port", "down")
            self.assertIn(b"the interface is down", sensor.stderr.readline())
            ticks = self.ticks_of(sensor)
            time.sleep(1)
            self.assertLess(self.ticks_of(sensor) - ticks, os.sysconf("SC_CLK_TCK") / 4)
            run("ip", "link", "set", "port", "up")
            self.connect("plug", "port")
            for number in range(100):
                outside.send(udp_frame(number))
            time.sleep(1)   # the kernel hands a block over after a while
            run("ip", "link", "del", "port")
            said = sensor.communicate(timeout=20)[1]
            self.assertEqual(sensor.returncode, 1)
            self.assertIn(b"port: the interface was removed", said)
            self.assertIn("dns", events.read_text(), "what came after the pause was heard")

    @staticmethod
    def ticks_of(process):
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    @staticmethod
    def last(told, of):
        return max(e["timestamp"] for e in told
                   if e["event_type"] == "stats" and e["stats"]["thread"] == of["stats"]["thread"])

    @staticmethod
    def frames_from_the_sensor(outside):
        count = 0
        while True:
            try:
                _, (_, _, kind, _, _) = outside.recvfrom(2048, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return count
            count += kind != socket.PACKET_OUTGOING   # what this test itself sends comes back as that


if __name__ == "__main__":
    if os.environ.get("WARD_SILENCE_INSIDE") is None:
        inside = dict(os.environ, WARD_SILENCE_INSIDE="1")
        made = subprocess.run(["unshare", "--net", "true"], capture_output=True)
        if made.returncode != 0 or shutil.which("ip") is None:
            print("skipped: no right to make a network namespace, or no ip command")
            sys.exit(SKIPPED)
        sys.exit(subprocess.run(["unshare", "--net", "--mount", sys.executable, __file__, SENSOR],
                                env=inside).returncode)
    run("ip", "link", "add", "mirror", "type", "veth", "peer", "name", "tap")
    unittest.main(verbosity=2)
