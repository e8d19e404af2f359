# SPDX-License-Identifier: Apache-2.0
"""No attack is told from the rest by one look at one thing: no string, no number, no hour."""
import collections
import pathlib
import tempfile
import unittest

import lab

# Whose very nature is one thing: somebody opens more charts than anybody else.
EXCEPTED = {"bulk-theft"}


def features_of(rows):
    """What a simple rule might look at, of each row: texts and numbers."""
    by_user = collections.Counter(row["USER_ID"] for row in rows)
    by_hour = collections.Counter((row["USER_ID"], row["ACCESS_INSTANT"][:13]) for row in rows)
    by_patient = collections.Counter(row["PAT_MRN"] for row in rows)
    by_pair = collections.Counter((row["USER_ID"], row["PAT_MRN"]) for row in rows)
    for row in rows:
        family = row["USER_NAME"].split(",")[0]
        yield {**{name: value for name, value in row.items() if name not in ("EVENT_ID", "ACCESS_INSTANT")},
               "hour": int(row["ACCESS_INSTANT"][11:13]),
               "minute": int(row["ACCESS_INSTANT"][14:16]),
               "patient number": int(row["PAT_MRN"] or 0),
               "has visit": bool(row["VISIT"]),
               "has reason": bool(row["BREAK_GLASS_REASON"]),
               "same family name": row["PAT_NAME"].split(",")[0] == family,
               "elsewhere": bool(row["VISIT"]) and row["VISIT_DEPARTMENT"] != row["USER_DEPARTMENT"],
               "opened by the user": by_user[row["USER_ID"]],
               "opened by the user this hour": by_hour[row["USER_ID"], row["ACCESS_INSTANT"][:13]],
               "opened of the patient": by_patient[row["PAT_MRN"]],
               "opened by the user of the patient": by_pair[row["USER_ID"], row["PAT_MRN"]]}


def stumps(features, labels):
    """Each rule of one look, with its precision and recall."""
    positives = sum(labels)
    for name in features[0]:
        values = [one[name] for one in features]
        hits = collections.Counter(value for value, label in zip(values, labels) if label)
        total = collections.Counter(values)
        for value, found in hits.items():
            yield f"{name} is {value!r}", found / total[value], found / positives
        if isinstance(values[0], bool) or not isinstance(values[0], int):
            continue
        for side, order in (("most", sorted(total)), ("least", sorted(total, reverse=True))):
            found = seen = 0
            for value in order:
                found, seen = found + hits[value], seen + total[value]
                yield f"{name} is at {side} {value}", found / seen, found / positives


class Stump(unittest.TestCase):
    def test_separates_no_scenario(self):
        for name in lab.scenarios():
            if name in EXCEPTED:
                continue
            features, labels = [], []
            for seed in (7, 8, 9):   # what holds in one hospital only is no rule
                with tempfile.TemporaryDirectory() as scratch:
                    folder = lab.make(name, pathlib.Path(scratch) / "made", seed=seed)
                    truth, rows = lab.truth_of(folder), lab.table_of(folder)
                attacks = {event for step in truth["steps"] if step["attack"] for event in step["events"]}
                features += features_of(rows)
                labels += ["audit:" + row["EVENT_ID"] in attacks for row in rows]
            if not any(labels):
                continue
            rules = [rule for rule, precision, recall in stumps(features, labels)
                     if precision > 0.9 and recall > 0.9]
            self.assertEqual(rules, [], name)

    def test_would_be_noticed(self):
        rows = [{"port": port, "size": size} for port, size in ((80, 1), (80, 2), (445, 3), (445, 4))]
        rules = [rule for rule, precision, recall in stumps(rows, [False, False, True, True])
                 if precision > 0.9 and recall > 0.9]
        self.assertIn("port is 445", rules)
        self.assertIn("size is at least 3", rules)


if __name__ == "__main__":
    lab.main()
