#!/usr/bin/env python3
"""What `fettle verify workflow --diff` and `--fix` make of real workflows.

usage: fixes.py FETTLE FOLDER [--only NAME]

FOLDER holds git directories (FOLDER/owner+name/repo, or any path ending in .git). Of the newest tree the workflow files are taken. The patch must
apply with `git apply` and give the bytes that `--fix` writes; a second run must propose nothing; no file may have an error more, in our linter or in
GitHub's schema; nothing but what a rule asks for may differ in what a YAML reader sees; every changed script must still be one for `bash -n`.
The dearest file's time is printed, of the whole process.
"""
import argparse, collections, glob, json, os, re, resource, shutil, subprocess, sys, tempfile

import yaml


def sh(*command, cwd=None, data=None, env=None):
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, input=data, timeout=300, env=env)


def unpack(git, folder):
    for line in sh("git", "-C", git, "ls-tree", "-r", "HEAD").stdout.splitlines():
        meta, path = line.split("\t", 1)
        if not re.fullmatch(r"\.github/workflows/[^/]+\.ya?ml", path):
            continue
        blob = subprocess.run(["git", "-C", git, "cat-file", "blob", meta.split()[2]], capture_output=True)
        if blob.returncode == 0:
            os.makedirs(f"{folder}/.github/workflows", exist_ok=True)
            open(f"{folder}/{path}", "wb").write(blob.stdout)


def lint(fettle, folder):
    return json.loads(sh(fettle, "verify", "workflow", "--format", "json", ".", cwd=folder).stdout)["findings"]


def difference(path, old, new, scripts):
    """Everything a fix may change is taken out of both; what is left must be equal."""
    for root in (old, new):
        for job in (root.get("jobs") or {}).values():
            job.pop("timeout-minutes", None)
            for step in job.get("steps") or []:
                if isinstance(step, dict) and str(step.get("uses", "")).lower().startswith("actions/checkout@"):
                    step["with"] = {k: v for k, v in (step.get("with") or {}).items() if k != "persist-credentials"}
    if "permissions" not in old:
        new.pop("permissions", None)
    for name, job in (old.get("jobs") or {}).items():
        other = new["jobs"][name]
        for a, b in zip(job.get("steps") or [], other.get("steps") or []):
            if "uses" in a and a["uses"] != b["uses"]:
                assert re.fullmatch(r"[0-9a-f]{40}", b["uses"].split("@")[1]) and a["uses"].split("@")[0] == b["uses"].split("@")[0], f"{path}: {b['uses']}"
                b["uses"] = a["uses"]
            if "run" in a and a["run"] != b["run"]:
                text = b["run"]
                for variable, value in (b.get("env") or {}).items():
                    if isinstance(value, str) and value.startswith("${{"):
                        text = text.replace("${%s}" % variable, value)
                assert text.replace('"', "") == a["run"].replace('"', ""), f"{path}: the script changed\n{a['run']}\n{b['run']}"
                scripts.append((path, a["run"], b["run"]))
                added = set(b["env"]) - set(a.get("env") or {})
                b["env"] = {k: v for k, v in b["env"].items() if k not in added}
                if not b["env"]:
                    del b["env"]
                b["run"] = a["run"]
    assert old == new, f"{path}: something else changed"


def parses(script):
    plain = re.sub(r"\$\{\{.*?\}\}", "EXPRESSION", script, flags=re.S)
    return sh("bash", "-n", data=plain).returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("fettle"), parser.add_argument("folder"), parser.add_argument("--only")
    given = parser.parse_args()
    fettle = os.path.abspath(given.fettle)
    before, after, reasons = collections.Counter(), collections.Counter(), collections.Counter()
    files = changed = 0
    faults, scripts, slow = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        for git in sorted(glob.glob(f"{given.folder}/*/repo") + glob.glob(f"{given.folder}/*.git")):
            name = git.split("/")[-2] if git.endswith("/repo") else os.path.basename(git)
            if given.only and given.only not in name:
                continue
            folder, patched = f"{scratch}/{name}", f"{scratch}/{name}-patched"
            unpack(git, folder)
            if not os.path.isdir(folder):
                continue
            paths = sorted(glob.glob(f"{folder}/.github/workflows/*"))
            files += len(paths)
            for path in paths:
                begin = resource.getrusage(resource.RUSAGE_CHILDREN)
                # ShellCheck is another program, and takes its own time.
                sh(fettle, "verify", "workflow", path, env={"PATH": "/nowhere"})
                end = resource.getrusage(resource.RUSAGE_CHILDREN)
                slow.append((end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime, os.path.getsize(path), path[len(scratch) + 1:]))
            shutil.copytree(folder, patched)
            first = lint(fettle, folder)
            patch = sh(fettle, "verify", "workflow", "--diff", ".", cwd=folder).stdout
            reasons.update(re.sub(r"'[^']*'", "…", r) for r in re.findall(r"no change proposed: (.*?) \[", patch))
            if "+++ b/" in patch:
                applied = sh("git", "apply", "-", cwd=patched, data=patch)
                if applied.returncode:
                    faults.append(f"{name}: git apply: {applied.stderr[:300]}")
            originals = {p: open(p, errors="replace").read() for p in paths}
            sh(fettle, "verify", "workflow", "--fix", ".", cwd=folder)
            second = lint(fettle, folder)
            before.update(f["rule"] for f in first)
            after.update(f["rule"] for f in second)
            if "+++ b/" in sh(fettle, "verify", "workflow", "--diff", ".", cwd=folder).stdout:
                faults.append(f"{name}: a second run proposes more")
            errors = lambda found: sum(f["severity"] == "error" for f in found)
            if errors(second) > errors(first):
                faults.append(f"{name}: {errors(second)} errors after {errors(first)}")
            moved = []
            for path in paths:
                text = open(path, errors="replace").read()
                if text != open(path.replace(folder, patched, 1), errors="replace").read():
                    faults.append(f"{path}: the patch gives other bytes than --fix")
                if text == originals[path]:
                    continue
                changed += 1
                moved.append(path)
                try:
                    difference(path, yaml.safe_load(originals[path]), yaml.safe_load(text), scripts)
                except (AssertionError, yaml.YAMLError) as error:
                    faults.append(str(error)[:800])
            if moved and shutil.which("check-jsonschema"):
                schema = ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"]
                if sh(*schema, *moved).returncode and not sh(*schema, *[p.replace(folder, patched) for p in moved]).returncode:
                    faults.append(f"{name}: the schema refuses what it took before")
    for path, old, new in scripts:
        if parses(old) and not parses(new):
            faults.append(f"{path}: no script any more\n{new[:400]}")
    print(f"{files} files, {changed} changed; findings {sum(before.values())} before, {sum(after.values())} after; {len(scripts)} scripts changed")
    for rule in sorted(before, key=lambda r: -before[r]):
        if before[rule] != after[rule]:
            print(f"  {rule}: {before[rule]} → {after[rule]}")
    for reason, count in reasons.most_common(12):
        print(f"  left {count}: {reason}")
    if slow:
        worst = max(slow)
        print(f"dearest {worst[0] * 1000:.0f} ms of processor time, whole process without ShellCheck ({worst[2]}, {worst[1]} bytes); bound 50 ms")
    print(f"faults: {len(faults)}")
    print("\n".join(faults[:20]))
    return 1 if faults else 0


sys.exit(main())
