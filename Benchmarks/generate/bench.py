#!/usr/bin/env python3
"""What `fettle generate workflow` makes of real repositories, with their own workflows as the answer key.

usage: bench.py FETTLE FOLDER [--only NAME] [--oracles]

FOLDER holds git directories (FOLDER/owner+name/repo, or any path ending in .git). The newest tree of each is unpacked without .github; the
removed workflow files tell which tools the owners install and test with. A command counts as recalled when the generated workflow calls
the same tool for the same purpose; precision is the share of generated test tools the owners use too.
"""
import argparse, glob, json, os, re, shutil, subprocess, sys, tempfile, time

TEST = {
    "pytest": r"\bpytest\b", "tox": r"\btox\b", "nox": r"\bnox\b", "unittest": r"-m unittest|manage\.py test|runtests\.py", "go": r"\bgo test\b|gotestsum", "cargo": r"\bcargo (\+\S+ )?(test|nextest)|cross test",
    "npm": r"\bnpm (run )?(t|test)\b|npm run test", "pnpm": r"\bpnpm (run )?(t|test)", "yarn": r"\byarn (run )?test", "bun": r"\bbun (run )?test", "deno": r"\bdeno (task )?test|deno task ok",
    "maven": r"\bmvnw?\b.*\b(verify|test|install|package|-P)|\bmvnw?\b", "gradle": r"gradlew?\b.*(check|test|build)", "rspec": r"\brspec\b", "rake": r"\brake\b", "phpunit": r"phpunit|pest\b", "composer": r"composer (run-script |run )?test",
    "dotnet": r"dotnet test|build\.ps1|Build\.ps1", "swift": r"swift test|swift-test", "mix": r"mix test", "ctest": r"\bctest\b|--target test|\bmake test|ninja test", "meson": r"meson test|ninja.* test", "make": r"\bmake\b.*\b(check|test|tests|ci)\b|make -C \S+ (check|test)",
}
INSTALL = {
    "npm": r"\bnpm (ci|i|install)\b", "pnpm": r"\bpnpm (i|install)\b", "yarn": r"\byarn( install|$| --)", "bun": r"\bbun install", "pip": r"\bpip3? install|uv pip install", "uv": r"\buv sync|uvx|\buv run", "poetry": r"\bpoetry (install|sync)", "pdm": r"\bpdm (install|sync)",
    "pipenv": r"\bpipenv (install|sync)", "bundle": r"\bbundle install|bundler-cache: true", "composer": r"composer (update|install)|ramsey/composer-install", "mix": r"mix deps\.get", "dotnet": r"dotnet restore|dotnet build", "go": r"go mod download|go get", "cargo": r"cargo fetch",
}
# Two names of one thing, or one inside the other.
SAME = [{"pytest", "tox", "nox", "make", "unittest"}, {"rspec", "rake", "make"}, {"phpunit", "composer", "make"}, {"go", "make"}, {"ctest", "make"}, {"cargo", "make"}, {"pip", "uv", "make"}, {"meson", "make"}]


def tools(text, table):
    return {name for name, pattern in table.items() if re.search(pattern, text, re.M)}


def close(a, names):
    return a in names or any(a in group and names & group for group in SAME)


def unpack(git, folder):
    archive = subprocess.Popen(["git", "-C", git, "archive", "HEAD"], stdout=subprocess.PIPE)
    subprocess.run(["tar", "x", "-C", folder], stdin=archive.stdout, check=True)
    archive.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("fettle"), parser.add_argument("folder"), parser.add_argument("--only"), parser.add_argument("--oracles", action="store_true")
    given = parser.parse_args()
    fettle = os.path.abspath(given.fettle)
    rows, wanted, recalled, installs, installed, made, right, slow, bad = [], 0, 0, 0, 0, 0, 0, [], []
    for git in sorted(glob.glob(f"{given.folder}/*/repo") + glob.glob(f"{given.folder}/*.git")):
        name = git.split("/")[-2] if git.endswith("/repo") else os.path.basename(git)
        if given.only and given.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                unpack(git, folder)
            except subprocess.CalledProcessError:
                continue
            key = "\n".join(open(f, errors="replace").read() for f in glob.glob(f"{folder}/.github/workflows/*.y*ml"))
            shutil.rmtree(f"{folder}/.github", ignore_errors=True)
            begin = time.time()
            done = subprocess.run([fettle, "generate", "workflow", "--repo", folder, "--format", "json"], capture_output=True, text=True)
            slow.append((time.time() - begin, name))
            if done.returncode not in (0, 1):
                rows.append(f"{name:34} exit {done.returncode} {done.stderr[:100]}")
                continue
            model = json.loads(done.stdout)
            commands = [(c["purpose"], c["run"]) for p in model["components"] for c in p["commands"]]
            workflow = "".join(open(f).read() for f in glob.glob(f"{folder}/.github/workflows/*.yml"))
            theirs, ours = tools(key, TEST), tools("\n".join(r for p, r in commands if p in ("test", "build")), TEST)
            theirInstall, ourInstall = tools(key, INSTALL), tools("\n".join(r for p, r in commands if p == "install") + workflow, INSTALL)
            note = ""
            if theirs:
                wanted += 1
                hit = any(close(t, ours) for t in theirs)
                recalled += hit
                note += "" if hit else f" TEST MISSED: theirs {sorted(theirs)}"
            mine = tools("\n".join(r for p, r in commands if p == "test"), TEST)
            if theirs:
                made += len(mine)
                right += sum(close(t, theirs) for t in mine)
            if theirInstall:
                installs += 1
                hit = any(close(t, ourInstall) for t in theirInstall) or not any(p == "install" for p, _ in commands) and not theirInstall - {"pip", "go", "npm"}
                installed += hit
                note += "" if hit else f" INSTALL MISSED: theirs {sorted(theirInstall)}"
            if model["status"] != "ok":
                note += " CONFLICT " + "; ".join(c["message"] for c in model["conflicts"])[:120]
            managers = ", ".join(f"{c['path'] or '.'}:{c['language']['value']}/{c['package_manager']['value']}" for c in model["components"])
            rows.append(f"{name:34} {managers[:90]:46} {'; '.join(r for p, r in commands if p in ('install', 'test'))[:110]}{note}")
            if given.oracles:
                for check in (["zizmor", "--offline", "--no-config", "--no-ignores", "--strict-collection", "--persona", "auditor", "--collect=all", "--no-progress", folder],
                              ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *glob.glob(f"{folder}/.github/workflows/*.yml")],
                              ["yamllint", "--strict", f"{folder}/.github/workflows"],
                              [fettle, "verify", "workflow", "--fail-on", "warning", *glob.glob(f"{folder}/.github/workflows/*.yml")]):
                    if not workflow:
                        continue
                    # Composite actions of the repository itself are the owner's own.
                    if check[0] == "zizmor":
                        check[-1:] = glob.glob(f"{folder}/.github/workflows/*.yml")
                    verdict = subprocess.run(check, capture_output=True, text=True)
                    if verdict.returncode:
                        bad.append(f"{name}: {check[0]}: {(verdict.stdout + verdict.stderr)[-600:]}")
    print("\n".join(rows))
    share = lambda a, b: f"{a}/{b} ({100 * a / b:.0f} %)" if b else "-"
    print(f"\nrepositories {len(rows)}  test tools recalled {share(recalled, wanted)}  install tools recalled {share(installed, installs)}  test tools right {share(right, made)}")
    print(f"slowest {max(slow)[0] * 1000:.0f} ms ({max(slow)[1]})" if slow else "")
    print(f"findings of oracles: {len(bad)}" if given.oracles else "")
    print("\n".join(bad))


main()
