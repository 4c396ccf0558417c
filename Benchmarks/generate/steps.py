#!/usr/bin/env python3
"""Whether the steps that `fettle generate workflow` writes for Python projects find what they run: each is really run, in a fresh environment.

usage: steps.py FETTLE FOLDER [--only NAME] [--bare] [--keep FILE]

FOLDER holds git directories (FOLDER/owner+name/repo). The newest tree of each is unpacked (`--bare`: without .github), its workflow is written,
and every `run` step of each job is run by bash in a copy of the tree with a virtual environment of its own, as the runner would after its
set-up actions. pytest only collects: that loads the settings, the plug-ins, the package and every test module. A step counts as
    ok       it ended well, or found fault with the code (a linter, a type checker, a test that failed)
    missing  a program, module, file, group or setting that it names is not there: the workflow is wrong
    other    what this machine lacks: a version of Python, a library of the system, a server, time
The machine's own `python3` takes the place of every version. Only the Python index is asked.
"""
import argparse, glob, json, os, re, shutil, signal, subprocess, sys, tempfile

import yaml

from bench import unpack

# Said by shells, installers, test tools and linters of what is not there.
MISSING = [
    r"command not found", r"No module named '?[\w.]+", r"No such file or directory: '?[\w./-]+", r"Could not open requirements file", r"can't open file", r"No rule to make target",
    r"does not provide the extra", r"Group '?\S+'? (is not defined|not found)|[Ii]nvalid dependency group|Dependency group .* not found|Extra .* is not defined", r"Failed to spawn", r"not installed", r"unrecognized arguments", r"Unknown config option|unknown option|Unknown pytest",
    r"Missing target module", r"Directory .* is not installable|neither 'setup.py' nor 'pyproject.toml'", r"Missing script|No session|unknown environment|Sessions not found", r"fixture '\w+' not found", r"ran 0 tests|no tests ran|collected 0 items|Ran 0 tests", r"executable file not found", r": not found",
]
OTHER = [
    r"requires a different Python|requires-python|requires Python|No interpreter found|does not satisfy Python|interpreter.*not found|not compatible with .*Python|SyntaxError|not supported by the project|could not find .*python", r"pg_config|mysql_config|pkg-config|\.h: No such file|error: command '.*(gcc|cc|c\+\+)|Microsoft|Rust|cargo", r"onnection refused|could not translate host|could not connect", r"Failed to build|getting requirements to build wheel|subprocess-exited-with-error|metadata-generation-failed",
    r"github\.com|githubusercontent|Could not resolve host|Temporary failure in name resolution|Name or service not known|urlopen|nodejs\.org|registry\.npmjs",
]


def environment(place, tools):
    """A fresh virtual environment and the folders of the runner's installers."""
    subprocess.run(["/usr/bin/python3", "-m", "venv", f"{place}/venv"], check=True, capture_output=True)
    subprocess.run([f"{place}/venv/bin/pip", "install", "--quiet", "--upgrade", "pip"], check=True)  # as new as the runner's
    os.makedirs(f"{place}/bin")
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "UV_", "HTTP", "http", "no_proxy", "NO_PROXY", "SSL_", "REQUESTS_", "LANG"))}
    return {
        **kept, "HOME": place, "PATH": f"{place}/venv/bin:{place}/bin:{tools}:/usr/local/bin:/usr/bin:/bin", "VIRTUAL_ENV": f"{place}/venv", "PIPX_HOME": f"{place}/pipx", "PIPX_BIN_DIR": f"{place}/bin", "CI": "true", "GITHUB_ACTIONS": "true",
        "PIP_CACHE_DIR": os.path.expanduser("~/.cache/pip"), "UV_CACHE_DIR": os.path.expanduser("~/.cache/uv"), "UV_PYTHON_DOWNLOADS": "never", "UV_PYTHON": "/usr/bin/python3", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "PYTEST_ADDOPTS": "--collect-only -q -p no:cacheprovider", "GITHUB_OUTPUT": f"{place}/output", "GITHUB_ENV": f"{place}/env", "GITHUB_STEP_SUMMARY": f"{place}/summary", "GITHUB_PATH": f"{place}/path",
    }


def run(line, folder, variables, seconds):
    """Exit status and the end of the output; 124 when time was up. Everything that was started ends with it."""
    child = subprocess.Popen(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", line], cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
    try:
        text, _ = child.communicate(timeout=seconds)
        status = child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        text, _ = child.communicate()
        status = 124
    return status, text[-6000:]


def verdict(status, text, purpose):
    if status == 0:
        return "ok", ""
    for name, patterns in (("other", OTHER), ("missing", MISSING)):
        for pattern in patterns:
            hit = re.search(f".*({pattern}).*", text)
            if hit:
                return name, hit.group(0).strip()[:200]
    if status == 124:
        return ("ok" if purpose == "check" else "other"), "time was up"
    if status == 127:
        return "missing", text.strip().splitlines()[-1][:200] if text.strip() else ""
    return ("ok", f"exit {status}") if purpose == "check" else ("other", (text.strip().splitlines() or [""])[-1][:200])


def steps(workflow):
    """(job, steps) of the jobs that set Python up."""
    for name, job in (workflow.get("jobs") or {}).items():
        listed = job.get("steps") or []
        if any(re.match(r"actions/setup-python@|astral-sh/setup-uv@", str(step.get("uses", ""))) for step in listed):
            yield name, job, listed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("fettle"), parser.add_argument("folder"), parser.add_argument("--only"), parser.add_argument("--bare", action="store_true"), parser.add_argument("--keep", help="file for all that was printed by failing steps")
    given = parser.parse_args()
    fettle, totals, bad = os.path.abspath(given.fettle), {}, []
    printed = open(given.keep or os.devnull, "w")
    with tempfile.TemporaryDirectory() as tools:
        subprocess.run(["/usr/bin/python3", "-m", "venv", f"{tools}/venv"], check=True)
        subprocess.run([f"{tools}/venv/bin/pip", "install", "--quiet", "pipx", "uv"], check=True)
        os.makedirs(f"{tools}/bin"), os.makedirs(f"{tools}/uv")
        os.symlink(f"{tools}/venv/bin/pipx", f"{tools}/bin/pipx")
        for git in sorted(glob.glob(f"{given.folder}/*/repo")):
            name = git.split("/")[-2]
            if given.only and not re.search(given.only, name):
                continue
            with tempfile.TemporaryDirectory() as place:
                tree = f"{place}/tree"
                os.makedirs(tree)
                try:
                    unpack(git, tree)
                except (subprocess.CalledProcessError, ValueError, IndexError, OSError) as error:
                    print(f"{name:34} not unpacked: {error}")
                    continue
                if given.bare:
                    shutil.rmtree(f"{tree}/.github", ignore_errors=True)
                done = subprocess.run([fettle, "generate", "workflow", "--repo", tree, "--output", f"{place}/output"], capture_output=True, text=True)
                path = f"{place}/output/.github/workflows/ci.yml"
                if not os.path.exists(path):
                    continue
                found = list(steps(yaml.safe_load(open(path))))
                if found:
                    subprocess.run("git init -q . && git config gc.auto 0 && git add -A && git -c user.name=a -c user.email=a@b commit -qm a", shell=True, cwd=tree, capture_output=True)
                for job, settings, listed in found:
                    home = f"{place}/{job}"
                    shutil.copytree(tree, f"{home}/tree", symlinks=True)
                    variables = environment(home, f"{tools}/bin")
                    if any("setup-uv@" in str(step.get("uses", "")) for step in listed):
                        for program in ("uv", "uvx"):
                            os.symlink(f"{tools}/venv/bin/{program}", f"{home}/bin/{program}")
                        if not any("setup-python@" in str(step.get("uses", "")) for step in listed):
                            variables.pop("VIRTUAL_ENV")
                    variables |= {k: str(v) for k, v in (settings.get("env") or {}).items()}
                    for step in listed:
                        line, title = step.get("run"), step.get("name", "")
                        if not line or "docker compose" in line:
                            continue
                        folder = os.path.join(f"{home}/tree", step.get("working-directory", settings.get("defaults", {}).get("run", {}).get("working-directory", ".")))
                        purpose = "check" if re.match("Lint|Check|Test|Build", title) else "prepare"
                        env = {**variables, **{k: re.sub(r"\$\{\{.*?\}\}", "x", str(v)) for k, v in (step.get("env") or {}).items()}}
                        status, text = run(line, folder, env, 150 if purpose == "check" else 500)
                        kind, why = verdict(status, text, purpose)
                        totals[kind] = totals.get(kind, 0) + 1
                        print(f"{name:34} {job:8} {title:12} {kind:8} {line.strip().splitlines()[0][:60]:60} {why}", flush=True)
                        if kind != "ok" or why:
                            print(f"===== {name} {job}: {line}\n{text}\n", file=printed, flush=True)
                        if kind == "missing":
                            bad.append(f"{name} {job}: {line}")
                        if kind != "ok" and purpose == "prepare":
                            break
    print(f"\nsteps: {totals}")
    return 1 if bad else 0


sys.exit(main())
