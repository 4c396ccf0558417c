"""Posts disturbed findings of real commits through the real program to a judge of GitHub, and looks where they stand.

    post.py BENCH LIST RESULT     LIST: JSON, [[repository, commit, diff], …]; the counts are written to RESULT

The judge refuses a review with one comment on a line outside the diff, as GitHub does. Then a push to some of them adds a file in which the
line that the model speaks of stands twice, so that its place is the file as a whole; and nothing may be said twice. SKIPPED where the judge is not beside this checkout.
"""
import collections, json, os, pathlib, re, subprocess, sys, tempfile, time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Peers" / "support"))
from stage import FAKEHUB, SECRET, Fettle, Hub, Model, call, completion, free_port, wait_for  # noqa: E402

BATCH = 8
PUSHED = 40
SETTINGS = "review:\n  max_comments: 20\n"
TWICE = "\n".join("flush(queue)" if n in (1, 30) else f"step({n})" for n in range(1, 31)) + "\n"
FORGE = {"content_per_minute": 10**6, "content_per_hour": 10**6, "rate_limit": 10**7}


def git(repository, *arguments):
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True)


def text_of(repository, revision, path):
    """None where the file is not there; False where it is no text."""
    shown = git(repository, "show", f"{revision}:{path}")
    if shown.returncode:
        return None
    try:
        return shown.stdout.decode()
    except UnicodeDecodeError:
        return False


def files_of(repository, commit):
    """Before and after, of every changed file that is text on both sides."""
    names = git(repository, "diff", "--name-status", "-M", "-z", f"{commit}^", commit).stdout.decode(errors="replace").split("\0")
    before, after, index = {}, {}, 0
    while index < len(names) - 1:
        count = 2 if names[index][:1] in "RC" else 1
        for path in names[index + 1:index + 1 + count]:
            old, new = text_of(repository, f"{commit}^", path), text_of(repository, commit, path)
            if old is False or new is False or (old is None and new is None):
                continue
            if old is not None:
                before[path] = old
            after[path] = new
        index += 1 + count
    return before, after


def open_pulls(hub, batch, told):
    """A repository and a pull request for each commit."""
    for number, (repository, commit, _) in batch:
        before, after = files_of(repository, commit)
        # What an empty repository cannot hold, or the model would say of files that are left out.
        # In workflow files rules speak, too, and of the same lines: what a model repeats is merged with what they say.
        told[number] = [f for f in told[number] if f["path"] in after and not f["path"].startswith(".github/")]
        if not after or not told[number]:
            told[number] = []
            continue
        name = f"c{number}"
        hub.fake("repos", {"owner": "octo", "name": name, "files": {".fettle.yml": SETTINGS, **before}})
        hub.fake("commits", {"repo": f"octo/{name}", "branch": "change", "from": "main", "files": after})
        opened = hub.fake("pulls", {"repo": f"octo/{name}", "head": "change", "title": f"Change {number} of the bench", "body": ""})
        assert opened["delivery"]["status"] == 202, opened


def quiet(fettle):
    time.sleep(0.3)
    wait_for("all jobs to end", lambda: "\nfettle_jobs_open 0\n" in str(call("GET", fettle.url + "/metrics")[1]), 180)


def about_twice(number):
    """Told of a line that stands twice, without its number."""
    path = f"added/twice-{number}.py"
    return {"path": path, "old": None, "new": None, "reply": {
        "path": path, "quote": "flush(queue)", "side": "new", "severity": "high", "category": "bug", "body": "It is wrong here.",
        "title": "Told as the last of them", "confidence": 0.9}}


def judge(finding, state):
    """right, stretch, wrong, file, summary or lost."""
    title = f"**{finding['reply']['title']}**"
    own = [c for c in state["review_comments"] if title in c["body"]]
    if len(own) > 1:
        return "twice"
    if own:
        comment = own[0]
        if comment.get("subject_type") == "file" or comment.get("line") is None:
            return "file" if comment["path"] == finding["path"] else "wrong"
        truth = finding["old" if comment["side"] == "LEFT" else "new"]
        lines = [comment.get("start_line") or comment["line"], comment["line"]]
        if comment["path"] != finding["path"] or truth is None:
            return "wrong"
        if lines == truth:
            return "right"
        return "stretch" if lines[0] <= truth[0] and truth[1] <= lines[1] else "wrong"
    return "summary" if any(title in c["body"] for c in state["comments"]) else "lost"


def judge_all(findings, state):
    """Those that are nowhere are lost, unless the ledger of the summary counts them among what is not shown, with the reason."""
    outcomes = [judge(finding, state) for finding in findings]
    counted = [re.search(r"(\d+) not shown \(", c["body"]) for c in state["comments"]]
    if sum(int(c[1]) for c in counted if c) >= outcomes.count("lost"):
        outcomes = ["held back" if outcome == "lost" else outcome for outcome in outcomes]
    return outcomes


def settled(hub, numbers):
    """The judge's state once each head has a completed check."""
    def look():
        states = hub.fake("state")
        heads = {n: states[f"octo/c{n}"]["branches"]["change"] for n in numbers}
        done = all(any(c["head_sha"] == heads[n] and c["status"] == "completed" for c in states[f"octo/c{n}"]["check_runs"]) for n in numbers)
        time.sleep(0 if done else 1)
        return states if done else None

    return wait_for("a completed check on every head", look, 120)


def main():
    bench, commits = sys.argv[1], json.load(open(sys.argv[2]))
    if not FAKEHUB.exists():
        return print("posting to a judge of GitHub: SKIPPED, it is not beside this checkout")
    lines = subprocess.run([bench, "tell", *(c[2] for c in commits)], capture_output=True, check=True).stdout.decode().splitlines()
    by_diff = {line["diff"]: line["findings"] for line in map(json.loads, lines)}
    told = {number: by_diff.get(c[2], []) for number, c in enumerate(commits)}

    # A change of generated files alone is shown to no model.
    heard = set()

    def answer(request):
        asked = re.search(r"Change (\d+) of the bench", json.dumps(request))
        findings = told[int(asked[1])] if asked else []
        heard.update([int(asked[1])] if asked else [])
        return completion({"summary": "", "findings": [f["reply"] for f in findings]})

    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        hub = Hub(os.path.join(directory, "hub"), port)
        model = Model(answer)
        hub.fake("config", FORGE)
        fettle = Fettle(directory, port, {
            "FETTLE_GITHUB_URL": hub.url, "FETTLE_GITHUB_APP_ID": "12345", "FETTLE_GITHUB_PRIVATE_KEY_FILE": hub.key,
            "FETTLE_GITHUB_WEBHOOK_SECRET": SECRET, "FETTLE_LLM_URL": model.url, "FETTLE_LLM_MODEL": "scripted"})
        try:
            numbered = list(enumerate(commits))
            for start in range(0, len(numbered), BATCH):
                open_pulls(hub, numbered[start:start + BATCH], told)
                quiet(fettle)
            states = settled(hub, [n for n, fs in told.items() if fs])
            before = {n: judge_all(fs, states[f"octo/c{n}"]) for n, fs in told.items() if n in heard}
            pushed = list(before)[:PUSHED]
            for start in range(0, len(pushed), BATCH):
                for number in pushed[start:start + BATCH]:
                    told[number].append(about_twice(number))
                    hub.fake("commits", {"repo": f"octo/c{number}", "branch": "change", "files": {told[number][-1]["path"]: TWICE}})
                quiet(fettle)
            states = settled(hub, list(before))
            after = {n: judge_all(told[n], states[f"octo/c{n}"]) for n in before}
            report(before, after, told, hub.fake("verdict"), states, len(pushed))
        finally:
            fettle.stop()
            hub.process.stop()
            model.stop()


def report(before, after, told, verdict, states, pushed):
    counts = collections.Counter(o for outcomes in after.values() for o in outcomes)
    first = collections.Counter(o for outcomes in before.values() for o in outcomes)
    total = sum(first.values())
    for number, outcomes in after.items():
        for index, outcome in enumerate(outcomes):
            if outcome in ("wrong", "lost", "twice"):
                print(f"{outcome}: octo/c{number} {told[number][index]}", file=sys.stderr)
    outcomes = collections.defaultdict(collections.Counter)
    for number, given in before.items():
        for index, outcome in enumerate(given):
            outcomes[told[number][index]["disturbance"]][outcome] += 1
    for name, given in outcomes.items():
        others = {k: v for k, v in given.items() if k != "right"}
        if others:
            print(f"  posted, {name}: {given['right']} right, " + ", ".join(f"{v} {k}" for k, v in sorted(others.items())))
    incomplete = [n for n in after if not any(c["status"] == "completed" for c in states[f"octo/c{n}"]["check_runs"])]
    print(
        f"posted to a judge of GitHub: {len(after)} pull requests of real commits, {total} findings: {first['right']} on their line, "
        f"{first['stretch']} on a few lines with it, {first['summary']} in the summary, {first['file']} on their file, {first['held back']} held back with the reason; after a push to {pushed} of them "
        f"{counts['file']} on their file as a whole; "
        f"{counts['wrong']} on a wrong line, {counts['lost']} lost, {counts['twice']} twice, {len(verdict['review_422'])} reviews and "
        f"{len(verdict['refused'])} writes refused, {len(verdict['violations'])} violations of GitHub's contract, {len(incomplete)} without a check")
    share = first["right"] / max(1, total)
    with open(sys.argv[3], "w") as result:
        json.dump({
            "pulls": len(after), "findings": total, "share": share, "wrong": counts["wrong"], "lost": counts["lost"], "twice": counts["twice"],
            "file": counts["file"], "pushed": pushed, "refused": len(verdict["review_422"]) + len(verdict["refused"]), "violations": len(verdict["violations"])},
            result)
    bad = counts["wrong"] + counts["lost"] + counts["twice"] + len(incomplete)
    if bad or verdict["review_422"] or verdict["refused"] or verdict["violations"]:
        for kind in ("review_422", "refused", "violations"):
            for entry in verdict[kind][:5]:
                print(entry, file=sys.stderr)
        sys.exit(1)


main()
