#!/usr/bin/env python3
"""How many lines of real logs does redaction touch? An upper bound of the clean ones among them, as some do hold credentials.

usage: touched.py FETTLE LOGS-FOLDER
"""
import os, re, subprocess, sys

def main():
    fettle, folder = sys.argv[1:3]; files = sorted(os.path.join(d, f) for d, _, fs in os.walk(folder) for f in fs if f.endswith(".log"))
    lines = touched = 0
    for i in range(0, len(files), 40):
        done = subprocess.run([fettle, "logs", "excerpt", "--lines", "100000"] + files[i : i + 40], capture_output=True, check=True)
        for line in done.stdout.split(b"\n"):
            if re.match(rb".*: \d+ of \d+ lines$", line) or line.startswith("── lines".encode()): continue
            lines += 1; touched += b"(redacted:" in line
    share = touched / max(1, lines)
    print(f"redaction touches {touched} of {lines} lines ({share:.4%}; goal: at most 0.5 %)")
    sys.exit(share > 0.005)

main()
