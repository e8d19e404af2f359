# SPDX-License-Identifier: Apache-2.0
"""An independent reader of a store of events, as docs/formats/event-store.md has it:

    python3 tools/read_events.py FOLDER [--check]

writes every event, the newest first, one line each. --check also looks up the envelope of each event that
is in a block in the index, and fails where it is not found.
"""
import bisect
import ctypes
import json
import pathlib
import sqlite3
import sys

PLAIN = ("event_type", "app_proto", "proto", "flow_id", "community_id", "src_ip", "dest_ip", "src_port",
         "dest_port")
EVENTS_MAX, PLAIN_MAX = 1024, 16 + 1024 * 30 + (2 << 20) + (1 << 20)

zstd = ctypes.CDLL("libzstd.so.1")
zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
zstd.ZSTD_decompress.restype = ctypes.c_size_t


class Corrupt(Exception):
    pass


def decompressed(frame):
    size = zstd.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
    if size > PLAIN_MAX:
        raise Corrupt("no length, or one out of range")
    plain = ctypes.create_string_buffer(size)
    wrote = zstd.ZSTD_decompress(plain, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame)))
    if wrote != size:
        raise Corrupt("does not decompress")
    return plain.raw


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value & (1 << 64) - 1, at


def signed(value):
    return (value >> 1) ^ -(value & 1)


def events_of(frame):
    """Pairs of (microseconds, publisher, sequence) and a line."""
    data = decompressed(frame)
    if data[0] != 1:
        raise Corrupt("another version")
    count, at = varint(data, 1)
    if count > EVENTS_MAX:
        raise Corrupt("too many events")
    marks, sequence, microseconds = [], 0, 0
    for _ in range(count):
        publisher, at = varint(data, at)
        step, at = varint(data, at)
        sequence += signed(step)
        step, at = varint(data, at)
        microseconds += signed(step)
        size, at = varint(data, at)
        marks.append((microseconds, publisher, sequence % (1 << 64), size))
    for microseconds, publisher, sequence, size in marks:
        yield (microseconds, publisher, sequence), data[at:at + size]
        at += size
    if at != len(data):
        raise Corrupt("another length than it says")


def key_of(path, value):
    whole = 0xCBF29CE484222325
    for byte in path.encode() + b"\0" + value.encode():
        whole = (whole ^ byte) * 0x100000001B3 % (1 << 64)
    return (whole ^ whole >> 32) & 0xFFFFFFFF


def blocks_in(page, first):
    """Of each key of a page, its blocks."""
    keys, key, at = {}, first, 0
    while at < len(page):
        step, at = varint(page, at)
        key += step
        block, more = 0, True
        while more:
            step, at = varint(page, at)
            block += step >> 1
            more = bool(step & 1)
            keys.setdefault(key, set()).add(block)
    return keys


class Day:
    def __init__(self, path):
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.publishers = dict(self.database.execute("SELECT id, name FROM publisher"))

    def stretches(self):
        yield from self.database.execute("SELECT -1, bytes FROM recent")
        yield from self.database.execute("SELECT id, bytes FROM block_bytes")

    def index(self):
        """A look-up: the blocks that a key is in."""
        pages = {number: bytes for number, bytes in self.database.execute("SELECT id, bytes FROM page")}
        numbers = sorted(pages)
        segments = self.database.execute("SELECT id, class, first_block FROM segment").fetchall()
        read = {}

        def find(key):
            found = set()
            for segment, kind, first_block in segments:
                place = bisect.bisect_right(numbers, segment << 32 | key) - 1
                if place < 0 or numbers[place] >> 32 != segment:
                    continue
                number = numbers[place]
                if number not in read:
                    read[number] = blocks_in(pages[number], number & 0xFFFFFFFF)
                found |= {(kind << 32) + first_block + block for block in read[number].get(key, ())}
            return found
        return find


def main(folder, check):
    missing = 0
    for path in sorted(pathlib.Path(folder).glob("events-*.db"), reverse=True):
        day, all_events = Day(path), []
        find, known = day.index(), {}
        for block, frame in day.stretches():
            for (microseconds, publisher, sequence), line in events_of(frame):
                all_events.append(((microseconds, day.publishers[publisher], sequence), line))
                event = json.loads(line) if check and block >= 0 else {}
                for path_of, value in event.items():
                    if path_of not in PLAIN:
                        continue
                    key = key_of(path_of, str(value).lower())
                    if key not in known:
                        known[key] = find(key)
                    missing += block not in known[key]
        for _, line in sorted(all_events, reverse=True):
            sys.stdout.buffer.write(line + b"\n")
    if missing:
        sys.exit(f"{missing} values are not in the index")


if __name__ == "__main__":
    main(sys.argv[1], "--check" in sys.argv)
