#!/usr/bin/env python3
"""What `fettle generate workflow` makes of real repositories, with their own workflows as the answer key.

usage: bench.py FETTLE FOLDER [--only NAME] [--oracles] [--keep FOLDER]

FOLDER holds git directories (FOLDER/owner+name/repo, or any path ending in .git). The newest tree of each is unpacked without .github; the
removed workflow files tell which tools the owners install and test with. A command counts as recalled when the generated workflow calls
the same tool for the same purpose; precision is the share of generated test tools the owners use too.
"""
import argparse, glob, json, os, re, resource, shutil, subprocess, sys, tempfile, time

import yaml

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
# What names a language or a package manager in a workflow, commands and setup actions alike.
LANGUAGE = {
    "node": r"setup-node|\b(npm|npx|pnpm|yarn) ", "deno": r"setup-deno|\bdeno ", "python": r"setup-python|setup-uv|setup-pdm|\bpip3? install|\b(tox|nox|pytest|poetry|pdm|pipenv|uv) ",
    "go": r"setup-go|\bgo (test|build|vet|mod)\b", "rust": r"rust-toolchain|rust-cache|\bcargo ", "java": r"setup-java|\bmvnw?\b|gradlew", "kotlin": r"setup-java|gradlew",
    "ruby": r"setup-ruby|\bbundle |\brake\b", "php": r"setup-php|composer-install|\bcomposer ", "dotnet": r"setup-dotnet|\bdotnet ", "swift": r"setup-swift|\bswift (test|build)|xcodebuild|swift_|swift-",
    "elixir": r"setup-beam|\bmix ", "c": r"\b(cmake|meson|make|ninja|configure|gcc|clang)\b", "cpp": r"\b(cmake|meson|make|ninja|g\+\+|clang)\b|CMake", "html": r".",
}
MANAGER = {
    **INSTALL, "yarn-berry": INSTALL["yarn"], "bun": r"\bbun (install|i)\b|setup-bun", "deno": r"\bdeno ", "pnpm": r"\bpnpm\b", "uv": r"\buvx? |setup-uv", "poetry": r"\bpoetry\b", "pdm": r"\bpdm\b|setup-pdm", "pipenv": r"\bpipenv\b",
    "pip": r"\bpip3? install|\b(tox|nox) ", "go": r"\bgo |\bmake\b", "cargo": r"\bcargo ", "maven": r"\bmvnw?\b", "gradle": r"gradlew?\b", "bundler": INSTALL["bundle"] + r"|\bbundle ", "composer": r"composer", "nuget": r"\bdotnet |[bB]uild\.ps1",
    "swiftpm": r"\bswift (test|build)|xcodebuild|swift[_-]", "mix": r"\bmix ", "cmake": r"\bcmake\b|CMake", "meson": r"\bmeson\b", "autotools": r"configure\b|autogen|autoreconf", "make": r"\bmake\b", "none": r".",
}
# Two names of one thing, or one inside the other.
SAME = [{"pytest", "tox", "nox", "make", "unittest"}, {"rspec", "rake", "make"}, {"phpunit", "composer", "make"}, {"go", "make"}, {"ctest", "make"}, {"cargo", "make"}, {"pip", "uv", "make"}, {"meson", "make"}]


def tools(text, table):
    return {name for name, pattern in table.items() if re.search(pattern, text, re.M)}


def named(component):
    return f"{component['language']['value']}/{component['package_manager']['value']}"


def exact(components, answer, texts):
    """Whether languages and managers are those of the hand-checked answer, or, of an unseen repository, those its workflows name.

    An answer is a list of `language/manager`; `a/x|y` allows either manager. Nothing is missing and nothing is more. Gives language and
    manager apart, and where the answer came from."""
    ours = {named(c) for c in components}
    if answer is not None:
        wanted = [(a.split("/")[0], set(a.split("/")[1].split("|"))) for a in answer]
        languages = {o.split("/")[0] for o in ours} == {language for language, _ in wanted}
        managers = len(ours) == len(wanted) and all(any(o.split("/")[0] == language and o.split("/")[1] in names for language, names in wanted) for o in ours)
        return languages, managers, "checked by hand"
    text = "\n".join(texts)
    if not text.strip() or not ours:
        return None, None, "no workflow says it"
    told = [o.split("/") for o in ours]
    return all(re.search(LANGUAGE[language], text) for language, _ in told), all(re.search(MANAGER[manager], text) for _, manager in told), "their workflows"


def close(a, names):
    return a in names or any(a in group and names & group for group in SAME)


def unpack(git, folder):
    """The newest tree without what git does not have: a snapshot may lack its largest files. Symbolic links become links."""
    listing = subprocess.run(["git", "-C", git, "ls-tree", "-r", "-z", "HEAD"], capture_output=True, check=True).stdout
    entries = [(line.split(b"\t", 1)[0].split(b" "), line.split(b"\t", 1)[1]) for line in listing.split(b"\0") if line]
    entries = [(mode, sha, path.decode(errors="surrogateescape")) for (mode, kind, sha), path in entries if kind == b"blob"]
    asked = b"".join(sha + b"\n" for _, sha, _ in entries)
    answer = subprocess.run(["git", "-C", git, "cat-file", "--batch", "--buffer"], input=asked, capture_output=True).stdout
    at = 0
    for mode, sha, path in entries:
        end = answer.index(b"\n", at)
        head = answer[at:end].split(b" ")
        at = end + 1
        place = os.path.join(folder, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        if head[1] == b"missing":
            open(place, "wb").close()
            continue
        size = int(head[2])
        content = answer[at : at + size]
        at += size + 1
        if mode == b"120000":
            os.symlink(content.decode(errors="surrogateescape"), place)
        else:
            with open(place, "wb") as out:
                out.write(content)


def jobs(folder):
    """Texts of the jobs that the owners' workflows run for changes: commands and actions, a text each."""
    found = []
    for path in sorted(glob.glob(f"{folder}/.github/workflows/*.y*ml")):
        try:
            root = yaml.safe_load(open(path, errors="replace"))
            trigger = json.dumps(root.get("on", root.get(True)))
            if not re.search("push|pull_request|workflow_call", trigger):
                continue
            for job in root["jobs"].values():
                steps = [s for s in job.get("steps") or [] if isinstance(s, dict)]
                found.append("\n".join(str(s.get("run", "")) + "\n" + str(s.get("uses", "")) + "\n" + "\n".join(f"{k}: {str(v).lower()}" for k, v in (s.get("with") or {}).items()) for s in steps))
        except (yaml.YAMLError, AttributeError, KeyError, TypeError, OSError):
            continue
    return found


def processor():
    """Seconds of processor time that ended children took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def oracles(fettle, output):
    """Every check for the files that were written."""
    workflows = sorted(glob.glob(f"{output}/.github/workflows/*.yml"))
    checks = []
    if workflows:
        checks.append(["zizmor", "--offline", "--no-config", "--no-ignores", "--strict-collection", "--persona", "auditor", "--collect=all", "--no-progress", *workflows])
        checks.append(["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows])
        checks.append(["check-jsonschema", "--builtin-schema", "custom.github-workflows-require-timeout", *workflows])
        checks.append(["yamllint", "--strict", *workflows])
        checks += [["act", "--validate", "--strict", "-W", w] for w in workflows]
        checks.append([fettle, "verify", "workflow", "--fail-on", "warning", *workflows])
    if os.path.exists(f"{output}/.github/dependabot.yml"):
        checks.append(["check-jsonschema", "--builtin-schema", "vendor.dependabot", f"{output}/.github/dependabot.yml"])
        checks.append(["yamllint", "--strict", f"{output}/.github/dependabot.yml"])
    checks += [["hadolint", d] for d in glob.glob(f"{output}/**/Dockerfile", recursive=True)]
    return checks


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("fettle"), parser.add_argument("folder"), parser.add_argument("--only"), parser.add_argument("--oracles", action="store_true"), parser.add_argument("--keep", help="folder in which the unpacked trees stay for the next run")
    given = parser.parse_args()
    fettle = os.path.abspath(given.fettle)
    answers = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")))
    kinds = {"checked by hand": [0, 0, 0], "their workflows": [0, 0, 0]}
    rows, wanted, recalled, installs, installed, made, right, slow, bad = [], 0, 0, 0, 0, 0, 0, [], []
    for git in sorted(glob.glob(f"{given.folder}/*/repo") + glob.glob(f"{given.folder}/*.git")):
        name = git.split("/")[-2] if git.endswith("/repo") else os.path.basename(git)
        if given.only and given.only not in name:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            place = f"{given.keep or scratch}/{name}"
            folder, output = f"{place}/tree", f"{scratch}/output"
            try:
                if not os.path.exists(f"{place}/jobs.json"):
                    os.makedirs(folder)
                    unpack(git, folder)
                    json.dump(jobs(folder), open(f"{place}/jobs.json", "w"))
                    shutil.rmtree(f"{folder}/.github", ignore_errors=True)
            except (subprocess.CalledProcessError, ValueError, IndexError, OSError) as error:
                rows.append(f"{name:34} not unpacked: {error}")
                continue
            texts = json.load(open(f"{place}/jobs.json"))
            size = sum(len(f) for _, _, f in os.walk(folder))
            # The second look at a large one finds its folders in memory, as after a checkout.
            for _ in range(2 if size > 5_000 else 1):
                shutil.rmtree(output, ignore_errors=True)
                begin, before = time.time(), processor()
                done = subprocess.run([fettle, "generate", "workflow", "--repo", folder, "--output", output, "--format", "json"], capture_output=True, text=True)
                took = (processor() - before, time.time() - begin, size, name)
            slow.append(took)
            if done.returncode not in (0, 1):
                rows.append(f"{name:34} exit {done.returncode} {done.stderr[:100]}")
                continue
            model = json.loads(done.stdout)
            commands = [(c["purpose"], c["run"]) for p in model["components"] for c in p["commands"]]
            workflow = "".join(open(f).read() for f in glob.glob(f"{output}/.github/workflows/*.yml"))
            theirs, ours = tools("\n".join(texts), TEST), tools("\n".join(r for p, r in commands if p in ("test", "build")), TEST)
            # What is installed for documentation or a release is no preparation of the tests.
            theirInstall, ourInstall = tools("\n".join(t for t in texts if tools(t, TEST)), INSTALL), tools("\n".join(r for p, r in commands if p == "install") + workflow, INSTALL)
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
            language, manager, source = exact(model["components"], answers.get(name), texts)
            if source in kinds:
                kinds[source] = [a + b for a, b in zip(kinds[source], (1, language, manager))]
            note += "" if language in (True, None) and manager in (True, None) else f" KIND: ours {sorted(map(named, model['components']))}, {source} {answers.get(name, '')}"
            managers = ", ".join(f"{c['path'] or '.'}:{c['language']['value']}/{c['package_manager']['value']}" for c in model["components"])
            rows.append(f"{name:34} {managers[:90]:46} {'; '.join(r for p, r in commands if p in ('install', 'test'))[:110]}{note}")
            if given.oracles:
                for kind in ("dockerfile", "dependabot"):
                    subprocess.run([fettle, "generate", kind, "--repo", folder, "--output", output], capture_output=True)
                for check in oracles(fettle, output):
                    verdict = subprocess.run(check, capture_output=True, text=True, cwd=output)
                    if verdict.returncode:
                        bad.append(f"{name}: {check[0]}: {(verdict.stdout + verdict.stderr)[-600:]}")
    print("\n".join(rows))
    share = lambda a, b: f"{a}/{b} ({100 * a / b:.0f} %)" if b else "-"
    print(f"\nrepositories {len(rows)}  test tools recalled {share(recalled, wanted)}  install tools recalled {share(installed, installs)}  test tools right {share(right, made)}")
    for source, (count, language, manager) in kinds.items():
        print(f"language exact {share(language, count)}  package manager exact {share(manager, count)}  ({source})")
    if slow:
        worst = max(slow)
        print(f"slowest {worst[0] * 1000:.0f} ms of processor time, {worst[1] * 1000:.0f} ms in all ({worst[3]}, {worst[2]} files); bound 150 ms for 10,000 files")
    print(f"findings of oracles: {len(bad)}" if given.oracles else "")
    print("\n".join(bad))


if __name__ == "__main__":
    main()
