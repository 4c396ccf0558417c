#!/usr/bin/env python3
"""Scores `fettle verify workflow` on error fixtures whose expected lines are known, and on files that must give no error.

usage: score.py FETTLE FIXTURES.tar.xz [--worst N]

The archive has err/*.yaml with *.out (lines `test.yaml:LINE:COLUMN: … [rule]`, or the same between slashes as a pattern), ok/*.yaml and
examples/. A fixture counts as flagged when some finding stands on its first expected line, as exact when every expected line has one.
Line 0 (the reference could not tell) takes any finding.
"""
import argparse, json, os, re, subprocess, sys, tarfile, tempfile, time

# What the reference finds with external programs, or judges as a matter of security: a warning is enough.
SOFT = re.compile(r"\[(shellcheck|pyflakes)\]|potentially untrusted|object filter extracts")


def expected(path):
    lines, soft = [], True
    for text in open(path, errors="replace").read().splitlines():
        place = re.match(r"/?(?:test\.yaml|test\\\.yaml):(\d+):(\d+):", text)
        if place:
            lines.append(int(place[1]))
            soft = soft and bool(SOFT.search(text))
        elif text.startswith("/"):
            lines.append(0)
            soft = False
    return lines, soft


def run(fettle, files):
    done = subprocess.run([fettle, "verify", "workflow", "--format", "json", *files], capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1):
        sys.exit(f"exit status {done.returncode}: {done.stderr[-2000:]}")
    found = {f: [] for f in files}
    for finding in json.loads(done.stdout)["findings"]:
        found[finding["path"]].append(finding)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("fettle")
    parser.add_argument("fixtures")
    parser.add_argument("--worst", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(given.fixtures) as archive:
            archive.extractall(folder)
        err = sorted(f"{folder}/err/{n}" for n in os.listdir(folder + "/err") if n.endswith(".yaml"))
        clean = sorted(f"{folder}/ok/{n}" for n in os.listdir(folder + "/ok") if n.endswith((".yaml", ".yml")))
        examples = sorted(f"{folder}/examples/{n}" for n in os.listdir(folder + "/examples") if n.endswith(".yaml"))
        begin = time.time()
        found = run(given.fettle, err + clean + examples)
        wall = time.time() - begin
        complaints, score = [], {}
        for kind, files in (("err", err), ("examples", examples)):
            flagged = exact = atLevel = 0
            for path in files:
                lines, soft = expected(path[:-5] + ".out")
                hits = {f["line"] for f in found[path]}
                hard = {f["line"] for f in found[path] if f["severity"] == "error"}
                first = not lines or lines[0] in hits or lines[0] == 0 and bool(hits)
                missed = [n for n in lines if n and n not in hits]
                flagged += first
                exact += first and not missed
                atLevel += first and (soft or not lines or lines[0] in hard or lines[0] == 0 and bool(hard))
                if not first or missed:
                    complaints.append(f"{kind}/{os.path.basename(path)}: missed lines {sorted(set(missed))}, found {sorted(hits)}")
            score[kind] = (flagged, exact, atLevel, len(files))
        wrong = [(p, f) for p in clean for f in found[p] if f["severity"] == "error"]
        total = len(err) + len(clean) + len(examples)
        for kind, (flagged, exact, atLevel, count) in score.items():
            print(f"{kind:9} flagged {flagged}/{count}  at its level {atLevel}/{count}  every line {exact}/{count}")
        print(f"ok        files with an error {len({p for p, _ in wrong})}/{len(clean)}")
        print(f"time      {1000 * wall / total:.1f} ms a file, whole process")
        for text in complaints[: given.worst]:
            print("  " + text)
        for path, finding in wrong[: given.worst]:
            print(f"  ok/{os.path.basename(path)}:{finding['line']}: {finding['message'][:160]} [{finding['rule']}]")


main()
