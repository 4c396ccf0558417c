#!/usr/bin/env python3
"""Are fingerprints the same for the same failure, and different for different ones?

usage: variants.py FETTLE LOGS-FOLDER [PAIRS.tsv]

From every log, variants are made as another run of the same failure would print it: other times, ids, hashes, addresses, durations,
temporary folders, counters and line numbers, another order of parallel tests' passing lines. Prints the share of variants with an unchanged fingerprint,
and how many pairs of PAIRS.tsv (name, name, "different"|"same") hold.
"""
import hashlib, json, os, random, re, subprocess, sys, tempfile

def rnd_hex(rng, n): return "".join(rng.choice("0123456789abcdef") for _ in range(n))

def another_run(text, rng):
    shift = rng.randrange(1, 50)
    text = re.sub(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d:\d\d", lambda m: "20%02d-%02d-%02d%s%02d:%02d:%02d" % (rng.randrange(18, 27), rng.randrange(1, 13), rng.randrange(1, 29), m[1], rng.randrange(24), rng.randrange(60), rng.randrange(60)), text)
    text = re.sub(r"(?<![\d:.\w])\d\d:\d\d:\d\d(?![\d:])", lambda m: "%02d:%02d:%02d" % (rng.randrange(24), rng.randrange(60), rng.randrange(60)), text)
    text = re.sub(r"\b[0-9a-f]{40}\b", lambda m: rnd_hex(rng, 40), text)
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", lambda m: "-".join(rnd_hex(rng, n) for n in (8, 4, 4, 4, 12)), text)
    text = re.sub(r"\b0x[0-9a-f]{6,16}\b", lambda m: "0x" + rnd_hex(rng, len(m[0]) - 2), text)
    text = re.sub(r"\b(\d+)\.(\d+)( ?)(s|ms|secs?|seconds)\b", lambda m: "%d.%0*d%s%s" % (int(m[1][:9]) + rng.randrange(9), len(m[2]), rng.randrange(10 ** len(m[2])), m[3], m[4]), text)
    text = re.sub(r"(travis_time:(?:start|end):)[0-9a-f]{8}", lambda m: m[1] + rnd_hex(rng, 8), text)
    text = re.sub(r"(start=|finish=|duration=)\d+", lambda m: m[1] + str(rng.randrange(10**9, 10**10)), text)
    text = re.sub(r"(\.(?:c|h|cc|cpp|java|py|rb|go|rs|js|ts|php|swift|scala|hs|ex|exs|kt|cs):)(\d+)", lambda m: m[1] + str(int(m[2][:9]) + shift), text)
    text = re.sub(r"/tmp/[\w.-]+", lambda m: "/tmp/" + rnd_hex(rng, 10), text)
    text = re.sub(r"\b(pid|PID|Thread-|worker |gw)(\d+)", lambda m: m[1] + str(rng.randrange(1, 9999)), text)
    return reorder(text, rng)

PASSED = re.compile(r"^\s*(?:ok \d|PASS|\x1b\[32m|✓|✔|--- PASS|test .* ok$|Get:\d|Downloading|\.+$)")

def reorder(text, rng):
    """Runs of passing or downloading lines come in another order."""
    out, run = [], []
    for line in text.split("\n"):
        if PASSED.match(line): run.append(line); continue
        rng.shuffle(run); out += run; run = []; out.append(line)
    rng.shuffle(run)
    return "\n".join(out + run)

def fingerprints(fettle, files):
    out = {}
    for i in range(0, len(files), 50):
        p = subprocess.run([fettle, "logs", "fingerprint", "--format", "jsonl"] + files[i : i + 50], capture_output=True, text=True, check=True)
        for line in p.stdout.splitlines(): o = json.loads(line); out[o["file"]] = o
    return out

def main():
    fettle, folder = sys.argv[1:3]; logs = sorted(os.path.join(d, f) for d, _, fs in os.walk(folder) for f in fs if f.endswith(".log"))
    base = fingerprints(fettle, logs); same = total = 0; changed = []
    with tempfile.TemporaryDirectory() as tmp:
        names = {}
        for log in logs:
            text = open(log, errors="surrogateescape", newline="").read()
            for k in range(1):
                rng = random.Random(hashlib.sha256(f"{os.path.relpath(log, folder)}{k}".encode()).digest())
                name = os.path.join(tmp, f"{len(names)}.log"); names[name] = log
                open(name, "w", errors="surrogateescape", newline="").write(another_run(text, rng))
        got = fingerprints(fettle, list(names))
        for name, log in names.items():
            total += 1; ok = got[name]["fingerprint"] == base[log]["fingerprint"]; same += ok
            if not ok: changed.append(os.path.relpath(log, folder))
    joined = 0
    print(f"{len(logs)} logs, {total} variants, unchanged {same / total:.3f}")
    for name in sorted(set(changed))[:20]: print("  changed:", name)
    if len(sys.argv) > 3:
        held = count = 0
        for line in open(sys.argv[3]):
            if line.startswith("#") or not line.strip(): continue
            a, b, want = line.rstrip("\n").split("\t"); a, b = (base[os.path.join(folder, x)]["fingerprint"] for x in (a, b))
            count += 1; ok = (a == b) == (want == "same"); held += ok
            joined += want == "different" and a == b
            if not ok: print("  wrong:", line.strip())
        print(f"{count} pairs, right {held}, different causes joined: {joined}")
    return 0 if same / total >= 0.95 and joined == 0 else 1
sys.exit(main())
