"""The store on both engines. PostgreSQL: HIMITSU_TEST_DATABASE_URL, or Debian's server, started here for the tests."""

import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import Sealer, open_store

KEY = b"k" * 32


def server_binaries() -> Path | None:
    """The newest installed PostgreSQL's folder with initdb and postgres."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def start_server(binaries: Path, folder: Path):
    """A server of our own on a socket in folder; gives its process. It does not run as root: as root, it is postgres."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder}
    initdb = [binaries / "initdb", "-D", data, "-U", "himitsu", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    subprocess.run(initdb, check=True, **quiet, **user)
    options = ["-k", folder, "-h", "", "-c", "fsync=off", "-c", "max_connections=60"]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, *options], **(quiet | {"stderr": subprocess.DEVNULL}), **user
    )
    ready = [binaries / "pg_isready", "-h", folder, "-U", "himitsu", "-q"]
    for _ in range(100):
        if subprocess.run([*ready, "-t", "1"], **quiet).returncode == 0:
            return server
        if server.poll() is not None:
            break
    server.kill()
    raise RuntimeError("PostgreSQL was installed and did not start.")


@pytest.fixture(scope="session")
def postgres_server():
    """The address of a PostgreSQL server where databases may be made, or the reason why there is none."""
    if given := os.environ.get("HIMITSU_TEST_DATABASE_URL"):
        yield given
        return
    binaries = server_binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed here, and CI runs every test of the store on it.")
        warnings.warn(
            "The store was not tested on PostgreSQL: it is not installed (apt-get install postgresql).", stacklevel=1
        )
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="himitsu-pg-", dir="/tmp"))  # a socket's path has to be short
    try:
        server = start_server(binaries, folder)
        try:
            yield f"postgresql://himitsu@/postgres?host={folder}"
        finally:
            server.terminate()
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server):
    """A database of the test's own."""
    name = f"t{uuid.uuid4().hex[:12]}"
    address = sa.make_url(postgres_server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield address.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/himitsu.db"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def sealer():
    return Sealer([KEY])


@pytest.fixture
def store(url, sealer):
    store = open_store(url, sealer)
    yield store
    store.close()
