# SPDX-License-Identifier: Apache-2.0
"""The output is the same with any number of threads, byte by byte, whatever the capture holds."""
import ipaddress
import struct
import unittest

import made_capture
import sensor

MIXED = sensor.CAPTURES / "mixed.pcap.gz"
MACS = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01"


def packed(address):
    return ipaddress.ip_address(address).packed


def arp(address, last):
    sender = b"\x02\0\0\0\1" + bytes([last])
    return MACS + b"\x08\x06" + struct.pack("!HHBBH6s4s6x4s", 1, 0x800, 6, 4, 2, sender, packed(address),
                                            packed("10.9.0.99"))


def fragments(packet, identifier):
    """An Ethernet frame's datagram in pieces of 8 bytes, the last one first."""
    header, payload = bytearray(packet[14:34]), packet[34:]
    pieces = []
    for begin in range(0, len(payload), 8):
        piece = payload[begin:begin + 8]
        more = 0x2000 if begin + 8 < len(payload) else 0
        struct.pack_into("!HHH", header, 2, 20 + len(piece), identifier, more | begin // 8)
        pieces.append(packet[:14] + bytes(header) + piece)
    return pieces[::-1]


def in_gre(packet, source, target):
    return made_capture.frame(source, target, 47, struct.pack("!HH", 0, 0x6558) + packet)


def question(number):
    name = f"host{number}".encode()
    return struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + bytes([len(name)]) + name + b"\0\0\1\0\1"


def strange():
    """ARP, fragments and tunnels of many hosts, between each other's packets."""
    capture = made_capture.Capture()
    for number in range(200):
        client, server = f"10.9.{number}.1", f"10.9.{number % 7}.53"
        asked = made_capture.frame(client, server, made_capture.UDP,
                                   made_capture.datagram(41000, 53, question(number)))
        if number % 4 == 0:
            capture.add(arp(f"10.9.{number % 5}.1", number))
        for packet in fragments(asked, number) if number % 4 == 1 else [asked]:
            capture.add(in_gre(packet, client, "10.9.255.1") if number % 4 == 2 else packet)
    return capture.bytes()


def flood():
    """More half-open connections than fit into the least memory."""
    capture = made_capture.Capture()
    for number in range(120_000):
        client = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        capture.add(made_capture.frame(client, "10.9.1.1", made_capture.TCP,
                                       made_capture.segment(40000, 80, 1000, 0, made_capture.SYN)))
        capture.now -= 990   # too fast for any of them to time out
    return capture.bytes()


class Threads(unittest.TestCase):
    def output(self, capture, *options):
        outputs = []
        for threads in (1, 3, 8):
            words = [*options, "--stats", "--threads", str(threads)]
            given = capture if isinstance(capture, bytes) else None
            done = sensor.read("-" if given else capture, options=words, given=given)
            self.assertEqual(done.status, 0, done.errors)
            outputs.append((done.output, done.errors))
        self.assertEqual(outputs[0], outputs[1])
        self.assertEqual(outputs[0], outputs[2])
        return sensor.statistics(outputs[0][1])

    def test_with_arp_fragments_and_tunnels(self):
        counted = self.output(strange())
        self.assertEqual(counted["packets made of fragments"], 50)
        self.assertEqual(counted["packets in tunnels"], 50)
        self.assertEqual(counted["events: dns"], 200)
        self.assertGreater(counted["events: arp"], 10)

    def test_with_flows_that_are_given_up(self):
        self.assertGreater(self.output(flood(), "--memory-mib", "64")["flows given up for memory"], 1000)

    @unittest.skipUnless(MIXED.exists(), f"there is no {MIXED}")
    def test_with_everything_that_others_captured(self):
        self.assertGreater(self.output(MIXED)["frames"], 100_000)


if __name__ == "__main__":
    sensor.main()
