# SPDX-License-Identifier: Apache-2.0
"""Captures made by hand: Ethernet, IPv4, TCP and UDP, as a pcap file's bytes."""
import ipaddress
import struct

PCAP_HEADER = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
FIN, SYN, PSH, ACK = 0x01, 0x02, 0x08, 0x10
TCP, UDP = 6, 17


def frame(source, target, protocol, payload):
    """Without checksums: a sensor sees many that the network card was yet to fill in."""
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0,
                         ipaddress.ip_address(source).packed, ipaddress.ip_address(target).packed)
    return b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0" + header + payload


def segment(source_port, target_port, sequence, acknowledged, flags, payload=b""):
    return struct.pack("!HHIIBBHHH", source_port, target_port, sequence & 0xffffffff,
                       acknowledged & 0xffffffff, 0x50, flags, 65535, 0, 0) + payload


def datagram(source_port, target_port, payload):
    return struct.pack("!HHHH", source_port, target_port, 8 + len(payload), 0) + payload


def record(at_microseconds, packet):
    seconds, microseconds = divmod(at_microseconds, 1_000_000)
    return struct.pack("<IIII", seconds, microseconds, len(packet), len(packet)) + packet


def records_of(capture):
    """The packets of such a file, each with its header."""
    found = []
    at = len(PCAP_HEADER)
    while at < len(capture):
        size = 16 + struct.unpack_from("<I", capture, at + 8)[0]
        found.append(capture[at:at + size])
        at += size
    return found


class Capture:
    """What is said, packet by packet, a millisecond apart."""
    piece_bytes = 1400

    def __init__(self):
        self.records = [PCAP_HEADER]
        self.now = 1_700_000_000_000_000
        self.ports = 40000

    def add(self, packet):
        self.records.append(record(self.now, packet))
        self.now += 1000

    def udp(self, server, port, *datagrams, client="10.7.0.1"):
        for payload in datagrams:
            self.add(frame(client, server, UDP, datagram(41000, port, payload)))

    def heard(self, who, number, pieces):
        """Whether the capture saw this of `who` (0: the client): which of so many pieces, or no bytes."""
        return True

    def tcp(self, server, port, *said, client="10.7.0.1"):
        """A connection. `said` are bytes of the client, or tuples of the bytes that the server answers."""
        self.ports += 1
        ends = [client, server]
        ports = [self.ports, port]
        next_byte = [1000, 9000]

        sides = [(isinstance(what, tuple), what[0] if isinstance(what, tuple) else what) for what in said]
        pieces = sum(-(-len(payload) // self.piece_bytes) for _, payload in sides)
        number = 0

        def send(who, flags, payload=b"", number=None):
            if self.heard(who, number, pieces):
                self.add(frame(ends[who], ends[1 - who], TCP,
                               segment(ports[who], ports[1 - who], next_byte[who], next_byte[1 - who], flags,
                                       payload)))
            next_byte[who] += len(payload) + (1 if flags & (SYN | FIN) else 0)

        send(0, SYN)
        send(1, SYN | ACK)
        send(0, ACK)
        for who, payload in sides:
            for begin in range(0, len(payload), self.piece_bytes):
                send(who, PSH | ACK, payload[begin:begin + self.piece_bytes], number)
                number += 1
            send(1 - who, ACK)
        send(0, FIN | ACK)
        send(1, FIN | ACK)
        send(0, ACK)

    def bytes(self):
        return b"".join(self.records)


class OneSide(Capture):
    """Of every connection only what one side sent, as a mirror port for one direction gives it."""

    def __init__(self, side):
        super().__init__()
        self.side = side

    def heard(self, who, number, pieces):
        return who == self.side


class Gapped(Capture):
    """Of every connection a piece is missing, that after so many hundredths of it."""
    piece_bytes = 40

    def __init__(self, hundredths):
        super().__init__()
        self.hundredths = hundredths

    def heard(self, who, number, pieces):
        return number is None or number != pieces * self.hundredths // 100
