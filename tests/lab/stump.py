# SPDX-License-Identifier: Apache-2.0
"""Rules of one look at one thing: `this is so`, `this is at least so much`."""
import bisect
import collections
import itertools
import typing


class Rule(typing.NamedTuple):
    feature: str
    says: str
    precision: float
    recall: float

    def separates(self):
        return min(self.precision, self.recall) > 0.9

    def __str__(self):
        return f"{self.says} ({self.precision:.2f}, {self.recall:.2f})"


class Stump:
    """Trained on some hospitals: what holds in one only is no rule.

    A row is of a part (what is to be found), or of none, and then it is of the rest.
    """

    def __init__(self):
        self.hospitals = 0
        self.rows = 0
        self.parts = collections.defaultdict(list)    # of each, a list of rows for each hospital
        self.rest = collections.defaultdict(collections.Counter)
        self.orders = {}

    def learn(self, rows, owners):
        """One hospital's rows, and of which parts each is: a row may be of none, one or more."""
        self.hospitals += 1
        self.orders.clear()
        others = []
        for row, parts in zip(rows, owners):
            self.rows += 1
            for part in parts:
                known = self.parts[part]
                known += [[] for _ in range(self.hospitals - len(known))]
                known[-1].append(row)
            if not parts:
                others.append(row)
        found = [row for known in self.parts.values() if len(known) == self.hospitals for row in known[-1]]
        for name in found[0] if found else ():
            values = [row[name] for row in others]
            if isinstance(found[0][name], frozenset):
                said = frozenset().union(*(row[name] for row in found))
                values = itertools.chain.from_iterable(said & value for value in values)
            self.rest[name].update(values)

    def found_everywhere(self):
        """The parts of which each hospital has some."""
        return [part for part, known in self.parts.items()
                if len(known) == self.hospitals and all(known)]

    def size(self, part):
        return sum(map(len, self.parts[part]))

    def rules(self, part):
        known = self.parts[part]
        positives = self.size(part)
        for name, example in known[0][0].items():
            verb = "has" if isinstance(example, frozenset) else "is"
            hits = [counted([row[name] for row in rows]) for rows in known]
            total = sum(hits, collections.Counter())
            rest = self.rest[name]
            for value in set.intersection(*map(set, hits)):
                found = total[value]
                yield Rule(name, f"{name} {verb} {value}", found / (found + rest[value]), found / positives)
            if isinstance(example, int) and not isinstance(example, bool):
                yield from self.thresholds(name, total, positives)

    def thresholds(self, name, hits, positives):
        if name not in self.orders:
            order = sorted(self.rest[name])
            self.orders[name] = order, [0, *itertools.accumulate(self.rest[name][one] for one in order)]
        order, sums = self.orders[name]
        found = 0
        for value in sorted(hits):
            below, above = sums[bisect.bisect_right(order, value)], sums[bisect.bisect_left(order, value)]
            left = positives - found
            found += hits[value]
            yield Rule(name, f"{name} is at most {value}", found / (found + below), found / positives)
            yield Rule(name, f"{name} is at least {value}", left / (left + sums[-1] - above),
                       left / positives)


def counted(values):
    if values and isinstance(values[0], frozenset):
        values = itertools.chain.from_iterable(values)
    return collections.Counter(values)
