"""Makes .venv from the hashed locks, then runs what you ask. Standard library only.

python3 dev.py try [ARGS]         the bot without Slack: himitsu try
python3 dev.py test [ARGS]        the tests: pytest
python3 dev.py himitsu ARGS       any other command of himitsu
python3 dev.py check              ruff, mypy and himitsu validate
python3 dev.py lock [--check]     resolve pyproject.toml into the locks again; --check only looks whether they
                                  still agree. Other options go to uv: --upgrade, --upgrade-package NAME
"""

# No annotations such as list[str] here: an older Python has to get far enough to say that it is too old.

import difflib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"

# What each level installs, in this order. The build tools come first: unidic-lite is published as source only,
# and building it with tools fetched on the side would go past the hashes.
LOCKS = {
    "runtime": ["requirements-build.lock", "requirements.lock"],
    "dev": ["requirements-build.lock", "requirements-dev.lock"],
}
# What each lock is resolved from. The first holds everything, and its versions bind the others.
SOURCES = {
    "requirements-dev.lock": ["pyproject.toml", "--group", "dev"],
    "requirements.lock": ["pyproject.toml"],
    "requirements-build.lock": ["--group", "build"],
}
HEADER = "# Made by: python3 dev.py lock\n"


def main(argv):
    problem = python_problem(sys.version_info)
    if problem:
        raise SystemExit(problem)
    command, args = (argv[0], argv[1:]) if argv else ("", [])
    if command == "try":
        prepare("runtime")
        return run_last([script("himitsu"), "try", *args])
    if command == "himitsu":
        prepare("runtime")
        return run_last([script("himitsu"), *args])
    if command == "test":
        prepare("dev")
        return run_last([script("python"), "-m", "pytest", *args], cwd=ROOT)
    if command == "check":
        prepare("dev")
        return check()
    if command == "lock":
        prepare("dev")
        return check_locks() if args == ["--check"] else write_locks(args)
    say(__doc__.strip())
    return 0 if command in ("-h", "--help", "help") else 2


def python_problem(version):
    """What is wrong with this Python, or None."""
    if version >= (3, 11):
        return None
    newer = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
    hint = f"Run it with {newer[0]} instead." if newer else "Install a newer one from your system or python.org."
    return f"himitsu needs Python 3.11 or newer; this is {version[0]}.{version[1]}. {hint}"


def script(name, windows=WINDOWS):
    """The path of a program inside .venv."""
    return str(VENV / "Scripts" / f"{name}.exe" if windows else VENV / "bin" / name)


# --- .venv


def prepare(level):
    """Leave a .venv that holds what the locks say. Costs a few hundredths of a second when nothing changed."""
    if digest(level) in installed() and works("import importlib.metadata as m; m.version('himitsu')"):
        return
    if not works("import sys, pip; assert sys.version_info >= (3, 11)"):
        make_venv()
    say(f"Installing what {LOCKS[level][-1]} lists into .venv. The first time this takes about half a minute.")
    stamp().unlink(missing_ok=True)
    for lock in LOCKS[level]:
        pip("--require-hashes", "-r", str(ROOT / lock))
    pip("--no-deps", "-e", str(ROOT))
    levels = ["runtime", "dev"] if level == "dev" else ["runtime"]
    stamp().write_text("\n".join(map(digest, levels)), encoding="utf-8")


def stamp():
    return VENV / "himitsu.stamp"


def installed():
    """The digests of the levels that were installed to the end."""
    return stamp().read_text(encoding="utf-8").split() if stamp().is_file() else []


def digest(level):
    """Changes with pyproject.toml, with the level's locks, and when the folder is moved (.venv holds its path)."""
    sha = hashlib.sha256(str(ROOT).encode())
    for name in ["pyproject.toml", *LOCKS[level]]:
        try:
            sha.update((ROOT / name).read_bytes())
        except OSError as error:
            raise SystemExit(f"{name} cannot be read ({error.strerror}). Is this a complete copy of himitsu?") from None
    return f"{level}:{sha.hexdigest()}"


def works(code):
    """Whether .venv's Python starts and runs this code."""
    return quiet([script("python"), "-c", code])


def make_venv():
    say(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}.")
    venv = [sys.executable, "-m", "venv", "--clear"]
    try:
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        if quiet([*venv, str(VENV)]):
            return
        # Debian without python3-venv, and a pip that may not install into the system: an environment without pip,
        # and then the system's pip puts the locked pip into it.
        if quiet([*venv, "--without-pip", str(VENV)]):
            place = "import sysconfig; print(sysconfig.get_path('purelib'))"
            site = subprocess.run([script("python"), "-c", place], capture_output=True, text=True, check=True)
            build = str(ROOT / LOCKS["runtime"][0])
            host_pip = [sys.executable, "-m", "pip", "install", "--require-hashes", "-r", build]
            if quiet([*host_pip, "--target", site.stdout.strip()]):
                return
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f".venv could not be made: {error}") from None
    raise SystemExit(
        ".venv could not be made. On Debian and Ubuntu, `sudo apt install python3-venv` (or python3-pip) puts that"
        " right; behind a proxy, set HTTPS_PROXY. Then run the same command again."
    )


def pip(*args):
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-build-isolation"]
    command = [script("python"), "-m", "pip", "install", *options, *args]
    if subprocess.call(command, stdout=sys.stderr):
        raise SystemExit(
            "The installation stopped; the lines above say why. Most often the network is the reason: behind a proxy,"
            " set HTTPS_PROXY. Then run the same command again; if that does not help, delete .venv first."
        )


# --- check and lock


def check():
    """Run every check, even after one has failed, and name those that did."""
    python = script("python")
    checks = {
        "ruff check": [python, "-m", "ruff", "check"],
        "ruff format --check": [python, "-m", "ruff", "format", "--check"],
        "mypy": [python, "-m", "mypy"],
        "himitsu validate": [script("himitsu"), "validate"],
    }
    failed = []
    for name, command in checks.items():
        say(f"== {name}")
        if subprocess.call(command, cwd=ROOT):
            failed.append(name)
    say("Failed: " + ", ".join(failed) if failed else "All checks passed.")
    return 1 if failed else 0


def write_locks(options):
    resolve(ROOT, options)
    say("Wrote " + ", ".join(SOURCES) + ".")
    return 0


def check_locks():
    """Resolve beside the present locks, which uv keeps to where it can, and show what would become different."""
    with tempfile.TemporaryDirectory() as folder:
        for lock in SOURCES:
            shutil.copy(ROOT / lock, folder)
        resolve(Path(folder), [])
        changes = []
        for lock in SOURCES:
            old, new = ((place / lock).read_text(encoding="utf-8").splitlines() for place in (ROOT, Path(folder)))
            changes += difflib.unified_diff(old, new, lock, f"{lock}, resolved again", n=0, lineterm="")
    if changes:
        say("\n".join(changes))
        say("The locks do not agree with pyproject.toml. Run: python3 dev.py lock")
        return 1
    say("The locks agree with pyproject.toml.")
    return 0


def resolve(folder, options):
    """Write every lock into folder. A lock already there keeps its versions where pyproject.toml allows them."""
    uv = [script("python"), "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    uv += ["--generate-hashes", "--no-header", "--no-annotate", "--system-certs"]
    everything = folder / next(iter(SOURCES))
    for lock, source in SOURCES.items():
        out = folder / lock
        bound = [] if out == everything else ["-c", str(everything)]
        if subprocess.call([*uv, *source, *bound, *options, "-o", str(out)], cwd=ROOT):
            raise SystemExit(f"{lock} could not be resolved; the lines above say why.")
        out.write_text(HEADER + out.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")


# --- running


def say(text):
    print(text, file=sys.stderr, flush=True)  # standard output belongs to the command that is run


def quiet(command):
    """Whether the command can be started and succeeds."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def run_last(command, cwd=None):
    """Become the command, so that signals reach it. Windows cannot do that and waits for it instead."""
    if WINDOWS:
        return subprocess.call(command, cwd=cwd)
    if cwd:
        os.chdir(cwd)
    os.execv(command[0], command)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
