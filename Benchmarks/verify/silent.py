#!/usr/bin/env python3
"""Errors of `fettle verify workflow` on real workflow files in which actionlint finds nothing: there should be none.

usage: silent.py FETTLE FOLDER

FOLDER holds git directories (FOLDER/owner+name/repo, or any path ending in .git). Of the newest tree `.github` is unpacked, for workflows call
local actions. actionlint comes from PyPI (requirements.txt names the wheel); external checkers are turned off in both.
"""
import glob, json, os, shutil, subprocess, sys, tarfile, tempfile, io


def unpack(git, folder):
    done = subprocess.run(["git", "-C", git, "archive", "HEAD", ".github"], capture_output=True)
    if done.returncode:
        return False
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return True


def main():
    fettle, place = os.path.abspath(sys.argv[1]), sys.argv[2]
    if not shutil.which("actionlint"):
        print("skipped: no actionlint on the PATH")
        return 0
    files = silent = repositories = 0
    errors = []
    with tempfile.TemporaryDirectory() as scratch:
        for git in sorted(glob.glob(f"{place}/*/repo") + glob.glob(f"{place}/*.git")):
            name = git.split("/")[-2] if git.endswith("/repo") else os.path.basename(git)
            folder = f"{scratch}/{name}"
            os.makedirs(folder)
            try:
                if not unpack(git, folder):
                    continue
            except (tarfile.TarError, OSError):
                continue
            paths = sorted(f for f in glob.glob(f"{folder}/.github/workflows/*.y*ml") if os.path.isfile(f) and not os.path.islink(f))
            if not paths:
                continue
            subprocess.run(["git", "init", "-q", folder], check=True)
            theirs = subprocess.run(["actionlint", "-shellcheck=", "-pyflakes=", "-format", "{{json .}}", *paths], cwd=folder, capture_output=True, text=True)
            found = {os.path.normpath(os.path.join(folder, f["filepath"])) for f in json.loads(theirs.stdout or "[]") or []}
            ours = json.loads(subprocess.run([fettle, "verify", "workflow", "--format", "json", *paths], cwd=folder, capture_output=True, text=True).stdout)
            ours["findings"] = [f for f in ours["findings"] if f["rule"] != "shellcheck"]
            quiet = {p for p in paths if os.path.normpath(p) not in found}
            files, silent, repositories = files + len(paths), silent + len(quiet), repositories + 1
            for finding in ours["findings"]:
                path = os.path.normpath(os.path.join(folder, finding["path"]))
                if finding["severity"] == "error" and path in quiet:
                    errors.append(f"  {name}: {os.path.basename(path)}:{finding['line']}: {finding['message'][:160]} [{finding['rule']}]")
    version = subprocess.run(["actionlint", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    print(f"silent    {version}: nothing in {silent} of {files} workflow files of {repositories} repositories; our errors there {len(errors)}")
    print("\n".join(errors))
    return 1 if errors else 0


sys.exit(main())
