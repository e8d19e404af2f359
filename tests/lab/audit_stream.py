# SPDX-License-Identifier: Apache-2.0
"""The audit trail's stream, as one reads it who knows that senders get their framing wrong."""
import re
import typing

BEGIN = re.compile(rb"(?:(\d{1,7}) )?<\d{1,3}>\d")
END = b"</AuditMessage>"
NEXT = re.compile(rb"(?:\d{1,7} )?<\d{1,3}>1 \d{4}-\d\d-\d\dT")


class Framed(typing.NamedTuple):
    place: int
    how: str       # whole, line, none, short, long, noise: how it was framed
    count: int     # as it was declared, or 0
    message: bytes


def records_of(stream):
    place = 0
    while place < len(stream):
        begin = BEGIN.match(stream, place)
        head = begin.end(1) + 1 if begin and begin[1] else place
        count = int(begin[1]) if head != place else 0
        end, how = head + count, "whole"
        if not count or not is_ended(stream, end):
            end = end_of(stream, head) if begin else next_of(stream, place)
            how = framing_of(stream[head:end], count) if begin else "noise"
        yield Framed(place, how, count, stream[head:end])
        place = end


def is_ended(stream, place):
    return place == len(stream) or stream.endswith(END, 0, place) or NEXT.match(stream, place)


def next_of(stream, place):
    found = NEXT.search(stream, place + 1)
    return found.start() if found else len(stream)


def end_of(stream, place):
    """Where the document ends, and perhaps its line; or where the next record begins."""
    following = next_of(stream, place)
    closed = stream.find(END, place, following)
    if closed < 0:
        return following
    closed += len(END)
    return closed + stream.startswith(b"\n", closed)


def framing_of(message, count):
    if count:
        return "short" if count < len(message) else "long"
    return "line" if message.endswith(b"\n") else "none"
