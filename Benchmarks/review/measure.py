"""Makes diffs of real commits, runs review-bench over them and prints the tables.

Tokens are counted with o200k when tiktoken and litellm (which carries its table) are installed, else left out. The peer is the
way PR-Agent shows a diff (each hunk as a numbered new part and an old part), written after its documentation.
"""
import json, os, re, subprocess, sys

bench, work, repositories = sys.argv[1], sys.argv[2], sys.argv[3:]
PER_REPOSITORY = int(os.environ.get("FETTLE_BENCH_COMMITS", "60"))


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
        print(f"tokens are not counted: {error}")
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


files = []
for repository in repositories:
    for commit in commits(repository):
        path = os.path.join(work, f"{len(files):04d}.diff")
        with open(path, "wb") as f:
            f.write(git(repository, "show", "--format=", "--no-color", "--no-ext-diff", "-M", commit))
        files.append(path)

out = subprocess.run([bench, "anchors", *files], capture_output=True, text=True, check=True)
result = json.loads(out.stdout)
print(f"{result['commits']} commits of {len(repositories)} repositories")
print(f"{'told':24} {'right':>7} {'wrong':>6} {'stretch':>8} {'demoted':>8} {'total':>7} {'right %':>8}   (ambiguous quotes)")
sums = [0, 0, 0, 0, 0]
for row in result["rows"]:
    values = [row["right"], row["wrong"], row["stretch"], row["demoted"], row["total"]]
    sums = [a + b for a, b in zip(sums, values)]
    print(f"{row['disturbance']:24} {values[0]:7} {values[1]:6} {values[2]:8} {values[3]:8} {values[4]:7} {100 * values[0] / max(1, values[4]):8.2f}   {row['ambiguous']}")
print(f"{'all':24} {sums[0]:7} {sums[1]:6} {sums[2]:8} {sums[3]:8} {sums[4]:7} {100 * sums[0] / max(1, sums[4]):8.2f}")
for reason, count in sorted(result["reasons"].items(), key=lambda item: -item[1]):
    print(f"  demoted {count:5}: {reason}")
for line in out.stderr.splitlines()[:10]:
    print(line)

row = json.loads(subprocess.run([bench, "pushes", *files], capture_output=True, text=True, check=True).stdout)
print(
    f"ten pushes of {row['commits']} commits: {row['told']} findings told, {row['posted']} posted, "
    f"{row['duplicates']} said twice, {row['suppressed']} new ones held back"
)
largest = max(files, key=os.path.getsize)
out = subprocess.run([bench, "replies", largest], capture_output=True, text=True, check=True)
row = json.loads(out.stdout)
print(
    f"{row['replies']} damaged replies: {row['recovered']} wholly recovered, {row['part']} in part and said so, {row['failed']} failed "
    f"and said so, {row['silent']} lost without a word; with {row['errors']} kinds of errors at most {row['requests']} requests"
)
print(out.stderr[:2000], end="")

prompts = os.path.join(work, "prompts")
os.mkdir(prompts)
big = []
for size in (74, 180):
    for repository in repositories:
        ids = git(repository, "rev-list", "--max-count=1500", "HEAD").decode().split()
        for back in range(20, len(ids), 20):
            names = git(repository, "diff", "--name-only", ids[back], "HEAD").decode(errors="replace").splitlines()
            if len(names) >= size:
                path = os.path.join(work, f"big{size}.diff")
                with open(path, "wb") as f:
                    f.write(git(repository, "diff", "--no-color", "--no-ext-diff", "-M", ids[back], "HEAD", "--", *names[:size]))
                big.append(path)
                break
        if big and big[-1].endswith(f"big{size}.diff"):
            break
for path in big:
    row = json.loads(subprocess.run([bench, "prompts", prompts, path], capture_output=True, text=True, check=True).stdout)
    print(
        f"{row['files']} files: {row['changed']} changed lines, {row['read']} read, {row['named']} named as not read, "
        f"{row['requests']} requests, {row['seconds']:.2f} s, peak {row['peak_kib'] / 1024:.1f} MiB"
    )

count = counter()
subprocess.run([bench, "prompts", prompts, *files], capture_output=True, check=True)
if count:
    raw = ours = peer = 0
    errors = []
    for path in files:
        name = os.path.basename(path)
        shown = [p for p in os.listdir(prompts) if p.startswith(name + ".") and p.split(".")[-1].isdigit()]
        if not shown:
            continue
        diff = open(path, errors="replace").read()
        raw += count(diff)
        peer += count(decoupled(diff))
        texts = [open(os.path.join(prompts, p), errors="replace").read() for p in shown]
        ours += sum(map(count, texts))
        for p, text in zip(shown, texts):
            if count(text) >= 1000:
                errors.append(int(open(os.path.join(prompts, p + ".estimate")).read()) / count(text) - 1)
    print(f"tokens (o200k): raw diff {raw}, ours {ours} = {ours / raw:.3f} of raw, numbered new part and old part {peer} = {peer / raw:.3f} of raw")
    errors.sort()
    if errors:
        print(f"token estimate over {len(errors)} prompts of 1,000 tokens and more: {errors[0]:+.1%} to {errors[-1]:+.1%}, median {errors[len(errors) // 2]:+.1%}")
