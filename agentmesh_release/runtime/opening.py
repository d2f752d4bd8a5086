"""How a house opens: database, schema, world, processes, and the word that it is ready."""

import asyncio
import contextlib
import http.client
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from . import house, postgres, variables
from .databases import app_database_beside, applied_migrations, greet, worker_has_worked, world_kind
from .lock import HouseLock
from .logs import Log
from .place import Place
from .ports import free_near, listen_near
from .provision import APP, APP_DATABASE, provision
from .supervisor import Ended, Supervisor

DATABASE_S, READY_S = 60.0, 120.0
NOT_READY = (
    f"not everything answered within {READY_S:.0f} s; /readyz and `manage.py doctor` say what."
)
POLL_S = 0.05
MIGRATE = ("migrate", "--no-input", "--verbosity=0")
COLLECT = ("collectstatic", "--no-input", "--clear", "--verbosity=0")


class CannotOpen(Exception):
    """The house cannot open; the sentence says why and what to do."""


@dataclass
class Opening:
    """One start of the house at `place`, with what the operator has `given`."""

    place: Place
    given: variables.Given
    port: int
    repository: Path | None
    log: Log
    supervisor: Supervisor
    lock: HouseLock
    values: dict[str, str] = field(default_factory=dict)
    sockets: list[socket.socket] = field(default_factory=list)
    app_database: str = ""
    sandbox_port: int = 0
    began: float = field(default_factory=monotonic)

    async def open(self) -> None:
        """Open, and say `Ready:` when everything answers. Raises CannotOpen or Ended."""
        self._take_port()
        await self._open_database()
        await self._prepare()
        variables.write(self.place.embedded_env, self.values)
        kind = await self._choose_world()
        if kind == "demo":
            await self._open_demo()
        self._open_processes()
        await self._import_repository(demo=kind == "demo")
        await self._until(self._is_ready, READY_S, NOT_READY)
        self.place.beat.mkdir(exist_ok=True)
        self.supervisor.keep(house.beat(self.place, self.values))  # nobody waits for the calendar
        self._announce(demo=kind == "demo")

    def close(self) -> None:
        """After everything has stopped: leave nothing outside the checkout."""
        for each in self.sockets:
            each.close()
        with contextlib.suppress(OSError):
            shutil.rmtree(self.place.sockets.resolve())
            self.place.sockets.unlink()

    @property
    def url(self) -> str:
        """Where people go: passkeys refuse IP addresses, so it is a name."""
        return f"http://localhost:{self.port}"

    def _take_port(self) -> None:
        wanted = self.port
        self.port, self.sockets = listen_near(wanted)
        if self.port != wanted:
            self.log.announce(f"Port {wanted} is busy; using {self.port}.")
        self.lock.say(url=self.url)
        self.values |= variables.of_keys(self.place, self.given)
        self.values["VAR_DIR"] = str(self.place.var)
        if not self.given.has("BASE_URL"):
            self.values["BASE_URL"] = self.url
        if not self.given.has("REDIS_URL"):
            shutil.rmtree(self.place.spool, ignore_errors=True)  # what an earlier run left
            self.place.spool.mkdir(mode=0o700)
            self.values["BROKER_URL"] = variables.of_spool(self.place)

    async def _open_database(self) -> None:
        """Start our own PostgreSQL, unless the operator named one, which then has to answer."""
        if self.given.has("DATABASE_URL"):
            await asyncio.to_thread(greet, self.given.read("DATABASE_URL"))
            return
        cluster = postgres.prepare(
            self.place.cluster,
            self.place.cluster_name,
            postgres.private_directory(self.place.sockets),
        )
        words = variables.passwords(self.place)
        cluster.clear()
        if not cluster.exists():
            self._say("Making a PostgreSQL of our own.")
            await asyncio.to_thread(cluster.initialise, words[postgres.SUPERUSER])
        self.supervisor.keep(house.postgres(cluster))
        await self._until(cluster.accepts, DATABASE_S, "PostgreSQL does not start; see above.")
        superuser = cluster.url(postgres.SUPERUSER, words[postgres.SUPERUSER], "postgres")
        await asyncio.to_thread(provision, superuser, words)
        self.values |= variables.of_cluster(cluster, words)
        self.app_database = cluster.url(APP, words[APP], APP_DATABASE)

    async def _prepare(self) -> None:
        """Bring schema and static files up to date, both at once. Either takes a second even with
        nothing to do, so it is left out while everything is as the last one left it."""
        await asyncio.gather(self._migrate(), self._collect())

    async def _migrate(self) -> None:
        stamp, url = self.place.migrated(), self._database_url
        seen = stamp.seen()
        if stamp.remembered() == seen + await asyncio.to_thread(applied_migrations, url):
            return
        owner = variables.as_owner(self.values, self.given)
        await self.supervisor.once(house.manage(owner, *MIGRATE))
        stamp.remember(seen + await asyncio.to_thread(applied_migrations, url))

    async def _collect(self) -> None:
        stamp = self.place.collected()
        seen = stamp.seen()
        if stamp.remembered() != seen:
            await self.supervisor.once(house.manage(self.values, *COLLECT))
            stamp.remember(seen)

    async def _choose_world(self) -> str:
        """The kind of the world; a database without one becomes a demo, unless WORLD says real."""
        kind = await asyncio.to_thread(world_kind, self._database_url)
        if kind is None:
            kind = self.given.read("WORLD") or "demo"
            self.place.imported.unlink(missing_ok=True)
            await self._run("create_world", "--kind", kind)
        return kind

    async def _open_demo(self) -> None:
        """What only a demo has: the providers' look-alikes, and a database for the application that
        is released in it."""
        self.sandbox_port = free_near(self.port + 1)
        self.values["SANDBOX_URL"] = f"http://127.0.0.1:{self.sandbox_port}"
        self.values["PRODUCT_URL"] = self.url  # where the sandbox's pages lead back to
        self.values |= variables.of_webhooks(self.place, self.given)
        if not self.given.has("APP_DATABASE_URL"):
            await asyncio.to_thread(self._give_app_database)
        variables.write(self.place.embedded_env, self.values)
        self.supervisor.keep(house.sandbox(self.place, self.values, self.sandbox_port))

    def _give_app_database(self) -> None:
        owner = self.given.read("DATABASE_OWNER_URL") or self.given.read("DATABASE_URL")
        if url := self.app_database or app_database_beside(owner):
            self.values["APP_DATABASE_URL"] = url
        else:
            self._say("The demo's application has no database: set APP_DATABASE_URL for one.")

    def _open_processes(self) -> None:
        keep = self.supervisor.keep
        seen = {**self.given.values, **self.values}
        keep(house.worker(self.values))
        keep(house.web(seen, [each.fileno() for each in self.sockets]))

    async def _import_repository(self, *, demo: bool) -> None:
        """Import the repository that was asked for, once; in a demo without one, our own."""
        path = self.repository or (self.place.checkout if demo else None)
        if path is None or str(path) in self._imported():
            return
        if demo:
            await self._until(self._sandbox_answers, READY_S, "The sandbox does not answer.")
        if not house.is_repository(path):
            self._say(f"{path} is not a git repository; the demo starts without a project.")
            return
        try:
            await self._run("import_repo", str(path))
        except Ended:
            self._say(f"{path} was not imported; see above. Everything else goes on.")
        else:
            with self.place.imported.open("a") as file:
                file.write(f"{path}\n")

    def _imported(self) -> list[str]:
        try:
            return self.place.imported.read_text().splitlines()
        except FileNotFoundError:
            return []

    async def _run(self, *arguments: str) -> None:
        await self.supervisor.once(house.manage(self.values, *arguments))

    async def _until(self, answers: Callable[[], bool], seconds: float, sentence: str) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not await asyncio.to_thread(answers):
            if asyncio.get_running_loop().time() > deadline:
                raise CannotOpen(sentence)
            await asyncio.sleep(POLL_S)

    def _is_ready(self) -> bool:
        if not self.supervisor.alive() or _get(self.port, "/readyz") != http.client.OK:
            return False
        return worker_has_worked(self._database_url, monotonic() - self.began)

    @property
    def _database_url(self) -> str:
        return self.values.get("DATABASE_URL") or self.given.read("DATABASE_URL")

    def _sandbox_answers(self) -> bool:
        return _get(self.sandbox_port, "/_control/") is not None

    def _announce(self, *, demo: bool) -> None:
        lines = [f"Ready: {self.url}"]
        if demo:
            lines += [
                "  Sign in with one click as Ada or Ben (release managers), Cleo (on-call) or Sam.",
                f"  Land commits, break builds, slow production down: {self.values['SANDBOX_URL']}"
                "/_control/",
            ]
        else:
            lines.append("  Sign in with your account; `manage.py createadmin NAME` makes one.")
        lines.append("  Stop with Ctrl-C.")
        for line in lines:
            self.log.announce(line)

    def _say(self, sentence: str) -> None:
        self.log.say("house", sentence)


def _get(port: int, path: str) -> int | None:
    """The status that a loopback server answers with, None where it does not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
