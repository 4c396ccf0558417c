#!/usr/bin/env python3
"""Whether `--confidence` keeps its promise on a recorded history: of the red cycles after the promise can first be made, how many were caught.

usage: confidence.py FETTLE HISTORY.csv… [--confidence 95] [--least 93] [--most 99]

Cycles are replayed in time order, each with what was known before it, so every one is held back from what judges it. Rows of a cycle are
taken in name order: the order of a table's rows can tell its verdicts.
"""
import argparse, collections, csv, json, os, subprocess, sys, tempfile


def read(path):
    """Cycle to test to (duration, failed), in time order."""
    text = open(path, errors="replace").read()
    rows = csv.DictReader(text.splitlines(), delimiter=";" if text.split("\n", 1)[0].count(";") > 2 else ",")
    cycles = collections.OrderedDict()
    for row in rows:
        if "Verdict" in row:
            cycle, test, seconds, failed = row["Cycle"], row["Name"], float(row["Duration"] or 0), float(row["Verdict"]) > 0
        elif "cycle_id" in row:
            cycle, test, seconds, failed = row["cycle_id"], row["test_class_name"], float(row.get("time") or 0), float(row["current_failures"]) > 0
        else:
            cycle, test, seconds, failed = row["cycle"], row["test"], float(row["duration"]), row["failed"] not in ("0", "0.0")
        known = cycles.setdefault(cycle, {}).get(test, (0.0, False))
        cycles[cycle][test] = (max(seconds, known[0]), failed or known[1])
    if all(name.replace(".", "", 1).isdigit() for name in cycles):
        cycles = collections.OrderedDict(sorted(cycles.items(), key=lambda item: float(item[0])))
    return cycles


def measure(fettle, path, confidence):
    cycles = read(path)
    with tempfile.TemporaryDirectory() as scratch:
        table = f"{scratch}/history.csv"
        with open(table, "w", newline="") as out:
            writer, last = csv.writer(out), {}
            writer.writerow(["cycle", "test", "duration", "failed"])
            for name, tests in cycles.items():
                usual = sorted(last.values())[len(last) // 2] if last else 1
                for test in sorted(tests):
                    writer.writerow([name, test, last.get(test, usual), int(tests[test][1])])
                last.update({test: seconds for test, (seconds, _) in tests.items()})
        done = subprocess.run([fettle, "tests", "replay", "--history", table, "--confidence", str(confidence)], capture_output=True, text=True, check=True)
    before = red = caught = 0
    least = confidence / (100 - confidence)  # so many red cycles must be known before a promise can be made
    shares = []
    for line in map(json.loads, done.stdout.splitlines()):
        tests = sorted(cycles[line["cycle"]].items())
        is_red = any(failed for _, (_, failed) in tests)
        before += is_red
        if before - is_red <= least:
            continue
        chosen = [tests[index][1] for index in line["order"][: line["run"]]]
        share = sum(seconds for seconds, _ in chosen) / (sum(seconds for _, (seconds, _) in tests) or 1)
        shares.append(share)
        if is_red:
            red += 1
            caught += any(failed for _, failed in chosen)
    return red, caught, sum(shares) / max(1, len(shares))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("fettle"), options.add_argument("histories", nargs="+"), options.add_argument("--confidence", type=float, default=95)
    options.add_argument("--least", type=float, default=93), options.add_argument("--most", type=float, default=99)
    given = options.parse_args()
    total, found, bad = 0, 0, False
    for path in given.histories:
        red, caught, share = measure(os.path.abspath(given.fettle), path, given.confidence)
        total, found = total + red, found + caught
        print(f"{os.path.basename(path)}: {caught} of {red} red cycles caught ({100 * caught / max(1, red):.1f} %) in {100 * share:.0f} % of the time")
    rate = 100 * found / max(1, total)
    print(f"all: {found} of {total} red cycles caught ({rate:.1f} %) where {given.confidence:g} % was promised")
    sys.exit(total > 0 and not given.least <= rate <= given.most)


main()
