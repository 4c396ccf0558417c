"""Makes diffs of real commits, runs review-bench and the program over them, and prints one table of everything that has a bound.

    measure.py BENCH FETTLE WORK REPOSITORY…

Tokens are counted with o200k when tiktoken and litellm (which carries its table) are installed, else left out. The peer is the
way PR-Agent shows a diff (each hunk as a numbered new part and an old part), written after its documentation.
"""
import json, os, re, subprocess, sys

bench, fettle, work, repositories = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
PER_REPOSITORY = int(os.environ.get("FETTLE_BENCH_COMMITS", "75"))
rows = []


def row(name, value, bound, holds):
    rows.append((name, value, bound, holds))


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


def commits(repository):
    """Commits that change 1 to 400 lines, spread evenly over the newest 1,500."""
    ids = git(repository, "rev-list", "--no-merges", "--max-count=1500", "HEAD").decode().split()
    picked = []
    for commit in ids[:: max(1, len(ids) // (PER_REPOSITORY * 3))]:
        stat = git(repository, "show", "--format=", "--numstat", commit).decode(errors="replace")
        lines = sum(int(n) for row in stat.splitlines() for n in row.split("\t")[:2] if n.isdigit())
        if 1 <= lines <= 400:
            picked.append(commit)
        if len(picked) == PER_REPOSITORY:
            break
    return picked


def counter():
    """o200k from litellm's own copy: tiktoken by itself would fetch it."""
    try:
        import importlib.util

        folder = importlib.util.find_spec("litellm").submodule_search_locations[0]
        os.environ["TIKTOKEN_CACHE_DIR"] = os.path.join(folder, "litellm_core_utils", "tokenizers")
        import tiktoken

        encoding = tiktoken.get_encoding("o200k_base")
        return lambda text: len(encoding.encode(text, disallowed_special=()))
    except Exception as error:
        print(f"tokens are not counted ({error}): pip install tiktoken litellm")
        return None


def decoupled(diff):
    """New part with line numbers, then old part, hunk by hunk."""
    out, new, old, number = [], [], [], 0

    def flush():
        if new:
            out.append("__new hunk__\n" + "\n".join(new))
        if any(line.startswith("-") for line in old):
            out.append("__old hunk__\n" + "\n".join(old))
        new.clear(), old.clear()

    for line in diff.split("\n"):
        header = re.match(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@", line)
        if line.startswith("diff --git "):
            flush()
            out.append("\n\n## File: '" + line.split(" b/")[-1].strip() + "'\n")
        elif header:
            flush()
            out.append("\n" + line)
            number = int(header[1])
        elif line.startswith("+") and not line.startswith("+++ "):
            new.append(f"{number} {line}")
            number += 1
        elif line.startswith("-") and not line.startswith("--- "):
            old.append(line)
        elif line.startswith(" "):
            new.append(f"{number} {line}")
            old.append(line)
            number += 1
    flush()
    return "\n".join(out)


def extended(repository, commit):
    """The diff with the context PR-Agent adds by default: 5 more lines before each hunk and 1 more behind it, beside git's 3."""
    out, hunk = [], []

    def flush():
        if not hunk:
            return
        last = max((i for i, line in enumerate(hunk) if line[:1] in ("+", "-", "\\")), default=0)
        body = hunk[1:last + 5]
        old = sum(line[:1] in (" ", "-") for line in body)
        new = sum(line[:1] in (" ", "+") for line in body)
        out.append(re.sub(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@", rf"@@ -\g<1>,{old} +\g<2>,{new} @@", hunk[0]))
        out.extend(body)
        hunk.clear()

    for line in git(repository, "show", "--format=", "--no-color", "--no-ext-diff", "-M", "-U8", commit).decode(errors="replace").split("\n"):
        if line.startswith("@@ -"):
            flush()
            hunk.append(line)
        elif hunk and line[:1] in (" ", "+", "-", "\\"):
            hunk.append(line)
        else:
            flush()
            out.append(line)
    flush()
    return "\n".join(out)


def run(*arguments):
    return subprocess.run([bench, *arguments], capture_output=True, text=True, check=True)


files, listed, wide = [], [], []
for repository in repositories:
    for commit in commits(repository):
        path = os.path.join(work, f"{len(files):04d}.diff")
        with open(path, "wb") as f:
            f.write(git(repository, "show", "--format=", "--no-color", "--no-ext-diff", "-M", commit))
        files.append(path)
        listed.append([repository, commit, path])
        wide.append(os.path.join(work, f"wide-{len(wide):04d}.diff"))
        with open(wide[-1], "w") as f:
            f.write(extended(repository, commit))

# Anchors.
out = run("anchors", *files)
result = json.loads(out.stdout)
print(f"{result['commits']} commits of {len(repositories)} repositories")
print(f"{'told':24} {'right':>7} {'wrong':>6} {'stretch':>8} {'demoted':>8} {'total':>7} {'right %':>8}   (ambiguous quotes)")
sums = [0, 0, 0, 0, 0]
for line in result["rows"]:
    values = [line["right"], line["wrong"], line["stretch"], line["demoted"], line["total"]]
    sums = [a + b for a, b in zip(sums, values)]
    print(f"{line['disturbance']:24} {values[0]:7} {values[1]:6} {values[2]:8} {values[3]:8} {values[4]:7} {100 * values[0] / max(1, values[4]):8.2f}   {line['ambiguous']}")
print(f"{'all':24} {sums[0]:7} {sums[1]:6} {sums[2]:8} {sums[3]:8} {sums[4]:7} {100 * sums[0] / max(1, sums[4]):8.2f}")
for reason, count in sorted(result["reasons"].items(), key=lambda item: -item[1]):
    print(f"  demoted {count:5}: {reason}")
for line in out.stderr.splitlines()[:10]:
    print(line)
share = sums[0] / max(1, sums[4])
row("commits and repositories", f"{result['commits']} of {len(repositories)}", ">= 200 of >= 4", result["commits"] >= 200 and len(repositories) >= 4)
row(f"{sums[4]} disturbed findings on their line", f"{share:.2%}", ">= 99 %", share >= 0.99)
row("on a wrong line", sums[1], "0", sums[1] == 0)
row("lost silently", sums[4] - sum(sums[:4]), "0", sums[4] == sum(sums[:4]))

# Posted for real.
with open(os.path.join(work, "commits.json"), "w") as f:
    json.dump(listed, f)
environment = {**os.environ, "FETTLE_BINARY": fettle}
posted = subprocess.run(
    [sys.executable, os.path.join(os.path.dirname(__file__), "post.py"), bench, os.path.join(work, "commits.json"), os.path.join(work, "posted.json")],
    env=environment)
try:
    told = json.load(open(os.path.join(work, "posted.json")))
    row(f"posted to the judge: {told['findings']} findings of {told['pulls']} pull requests, on their line", f"{told['share']:.2%}", ">= 99 % of >= 200", told["share"] >= 0.99 and told["pulls"] >= 200)
    row("posted on a wrong line, lost, or twice", f"{told['wrong']}, {told['lost']}, {told['twice']}", "0, 0, 0", not (told["wrong"] or told["lost"] or told["twice"]))
    row("refused by the judge; violations of its contract", f"{told['refused']}; {told['violations']}", "0; 0", not (told["refused"] or told["violations"]))
    row("after a push, on their file as a whole", f"{told['file']} of {told['pushed']}", "all", told["file"] == told["pushed"] > 0)
except FileNotFoundError:
    row("posted to the judge", "SKIPPED" if posted.returncode == 0 else "FAILED", "0 refused", posted.returncode == 0)

# Pushes and replies.
line = json.loads(run("pushes", *files).stdout)
print(
    f"ten pushes of {line['commits']} commits: {line['told']} findings told, {line['posted']} posted, "
    f"{line['duplicates']} said twice, {line['suppressed']} new ones held back")
row("ten pushes: said twice, new ones held back", f"{line['duplicates']}, {line['suppressed']}", "0, 0", not (line["duplicates"] or line["suppressed"]))
out = run("replies", max(files, key=os.path.getsize))
line = json.loads(out.stdout)
print(
    f"{line['replies']} damaged replies: {line['recovered']} wholly recovered, {line['part']} in part and said so, {line['failed']} failed "
    f"and said so, {line['silent']} lost without a word; with {line['errors']} kinds of errors at most {line['requests']} requests")
print(out.stderr[:2000], end="")
row(f"{line['replies']} damaged replies: lost without a word", line["silent"], "0", line["silent"] == 0 and line["replies"] >= 150)
row("model requests in any failure", line["requests"], "<= 3", line["requests"] <= 3)

# Large pull requests.
prompts = os.path.join(work, "prompts")
os.mkdir(prompts)


def large(size):
    """(repository, older commit, the files that differ)"""
    for repository in repositories:
        ids = git(repository, "rev-list", "--first-parent", "--max-count=1500", "HEAD").decode().split()
        for back in range(20, len(ids), 20):
            names = git(repository, "diff", "--name-only", ids[back], "HEAD").decode(errors="replace").splitlines()
            if len(names) >= size:
                return repository, ids[back], names
    return None


for size in (74, 180):
    found = large(size)
    if not found:
        row(f"{size} files", "no repository has that many", "", False)
        continue
    repository, base, names = found
    path = os.path.join(work, f"big{size}.diff")
    with open(path, "wb") as f:
        f.write(git(repository, "diff", "--no-color", "--no-ext-diff", "-M", base, "HEAD", "--", *names[:size]))
    line = json.loads(run("prompts", prompts, path).stdout)
    print(
        f"{line['files']} files: {line['changed']} changed lines, {line['read']} read, {line['named']} named as not read, "
        f"{line['requests']} requests, {line['seconds']:.2f} s, peak {line['peak_kib'] / 1024:.1f} MiB")
    if size == 74:
        row("74 files in 32k chunks: changed lines neither read nor named", line["changed"] - line["read"] - line["named"], "0", line["changed"] == line["read"] + line["named"])
    else:
        row("180 files with a model: peak memory", f"{line['peak_kib'] / 1024:.1f} MiB", "< 128 MiB", line["peak_kib"] < 128 * 1024)
        child = subprocess.Popen([fettle, "review", "--repo", repository, "--base", base, "--head", "HEAD", "--format", "json"], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        row(f"{len(names)} files, `fettle review`: peak memory", f"{usage.ru_maxrss / 1024:.1f} MiB", "< 128 MiB", usage.ru_maxrss < 128 * 1024 and child.returncode == 0)

# Tokens.
count = counter()
if count:

    def tokens(diffs):
        """Ours by diff, the peer's way, and the errors of our estimate; ours only of diffs of which nothing is left out."""
        read = map(json.loads, run("prompts", prompts, *diffs).stdout.splitlines())
        whole = {line["file"] for line in read if line["read"] == line["changed"]}
        ours, peer, errors = {}, {}, []
        for path in diffs:
            name = os.path.basename(path)
            shown = [p for p in os.listdir(prompts) if p.startswith(name + ".") and p.split(".")[-1].isdigit()]
            diff = open(path, errors="replace").read()
            if path not in whole:
                continue
            peer[path] = count(decoupled(diff))
            ours[path] = 0
            for p in shown:
                text = open(os.path.join(prompts, p), errors="replace").read()
                ours[path] += count(text)
                if count(text) >= 1000:
                    errors.append(int(open(os.path.join(prompts, p + ".estimate")).read()) / count(text) - 1)
        return ours, peer, sorted(errors)

    def ratios(diffs):
        """Over raw: ours, and the peer's way. Raw is git's own diff with three lines of context, of the same commits."""
        ours, peer, errors = tokens(diffs)
        raw = sum(count(open(plain, errors="replace").read()) for plain, path in zip(files, diffs) if path in ours)
        return sum(ours.values()) / max(1, raw), sum(peer.values()) / max(1, raw), errors, len(ours), raw

    ours, peer, errors, shown, raw = ratios(files)
    print(f"tokens (o200k) of {shown} diffs of which nothing is left out: raw {raw}, ours {ours:.3f} of raw, numbered new part and old part {peer:.3f} of raw")
    ours, peer, more, shown, raw = ratios(wide)
    print(f"with PR-Agent's context, {shown} diffs: raw {raw}, ours {ours:.3f} of raw, its own way {peer:.3f} of raw")
    row("tokens of raw with PR-Agent's amount of context", f"{ours:.3f} (its own way {peer:.3f})", "<= 1.19", ours <= 1.19)
    errors = sorted(errors + more)
    if errors:
        worst = max(abs(errors[0]), abs(errors[-1]))
        row("token estimate's worst error, prompts of 1,000 tokens and more", f"{worst:.1%}", "<= 15 %", worst <= 0.15)
        print(f"token estimate over {len(errors)} prompts of 1,000 tokens and more: {errors[0]:+.1%} to {errors[-1]:+.1%}, median {errors[len(errors) // 2]:+.1%}")

width = max(len(name) for name, *_ in rows)
print()
for name, value, bound, holds in rows:
    print(f"{'ok ' if holds else 'NOT'}  {name:{width}}  {value!s:>28}   bound {bound}")
sys.exit(0 if all(holds for *_, holds in rows) else 1)
