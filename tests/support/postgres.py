"""A private PostgreSQL for the tests: started on a free port, thrown away at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest

PROGRAMS = Path("/usr/lib/postgresql")


class Cluster:
    """A PostgreSQL server of our own, run by an unprivileged user.

    Without ``durable`` it leaves to the system when to write to the disk: it then survives being killed, but
    not a loss of power, which no test brings about.
    """

    def __init__(self, programs: Path, home: Path, durable: bool = True) -> None:
        self._programs = programs
        self._home = home
        self._durable = durable
        self._user = "postgres" if os.getuid() == 0 else None
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.port = server.getsockname()[1]

    def create(self) -> None:
        """Make the cluster's files."""
        self._home.mkdir(parents=True, exist_ok=True)
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._home, owner.pw_uid, owner.pw_gid)
        self._run(
            "initdb", "-D", str(self._data), "-U", "desk", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -k {self._home} -c listen_addresses=127.0.0.1 -c max_connections=100"
        options += "" if self._durable else " -c fsync=off -c full_page_writes=off"
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._home / "log"), "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop the server at once, as in a crash."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def url(self, name: str) -> str:
        """Give the address of the database ``name`` for our own settings."""
        return f"postgresql+psycopg2://desk@127.0.0.1:{self.port}/{name}"

    def sql(self, statement: str) -> None:
        """Run a statement that may not be in a transaction."""
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user="desk", dbname="postgres")
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if self._user:
            command = ["runuser", "-u", self._user, "--", *command]
        done = subprocess.run(
            command, cwd=self._home, capture_output=True, text=True, check=False, timeout=60
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


def newest_programs() -> Path | None:
    """Give the folder of the newest PostgreSQL server installed."""
    found = sorted(PROGRAMS.glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running cluster; without PostgreSQL the test is skipped, and fails where CI=true."""
    programs = newest_programs()
    if programs is None:
        reason = f"no PostgreSQL server under {PROGRAMS}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    home = Path(tempfile.mkdtemp(prefix="desk-postgres-"))
    home.chmod(0o755)
    cluster = Cluster(programs, home / "cluster", durable=False)
    try:
        cluster.create()
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: Cluster) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own."""
    name = f"desk_{uuid4().hex[:12]}"
    postgres.sql(f"CREATE DATABASE {name}")
    yield postgres.url(name)
    postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url
