"""`python -m agentmesh_release.sandbox --port P --state DIR`: run until told to stop."""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

from . import appdatabase, project, smtp, trunk
from .github.deliveries import keep_telling
from .journal import Cause
from .sandbox import Options, Sandbox
from .schedule import keep_settling
from .server import listen


def arguments(words: list[str]) -> argparse.Namespace:
    """The command line, with durations from the environment where it is silent."""
    parser = argparse.ArgumentParser(prog="python -m agentmesh_release.sandbox")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="directory that keeps everything")
    # Better by the environment: an argument with a password in it can be read by anybody here.
    url = os.environ.get("APP_DATABASE_URL", "")
    parser.add_argument("--app-database-url", default=url, help="the demo app's PostgreSQL")
    parser.add_argument("--smtp-port", type=int, default=0, help="0: no SMTP")
    product = os.environ.get("PRODUCT_URL", "")
    parser.add_argument("--product-url", default=product, help="where the page links back to")
    for name, usual in (("build", "4"), ("check", "6"), ("alias", "1")):
        default = float(os.environ.get(f"SANDBOX_{name.upper()}_SECONDS", usual))
        parser.add_argument(f"--{name}-seconds", type=float, default=default)
    return parser.parse_args(words)


def told_to_stop() -> int:
    """A descriptor that becomes readable when SIGTERM or SIGINT arrives.

    The byte is written at the moment of the signal, in whichever thread it arrives. A handler in
    Python would wait for the main thread, and that one sleeps in a read that nothing interrupts.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reader


def main(words: list[str]) -> int:
    """Run; returns the exit status."""
    given = arguments(words)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    sandbox = Sandbox(
        Options(
            given.state.resolve(),
            given.app_database_url,
            given.product_url,
            given.build_seconds,
            given.check_seconds,
            given.alias_seconds,
        )
    )
    told = told_to_stop()
    try:
        servers = listen(sandbox, given.port)
    except OSError as error:
        print(f"Port {given.port} is not free: {error}", file=sys.stderr)
        return 1
    if given.smtp_port:
        smtp.start(sandbox, given.smtp_port)
    for owner in project.every(sandbox):
        trunk.catch_up(sandbox, owner, Cause("", "sandbox"))
    appdatabase.prepare(sandbox)
    settling = keep_settling(sandbox)
    telling = keep_telling(sandbox)
    print(f"Sandbox: http://127.0.0.1:{servers[0].server_port}/_control/", flush=True)
    for server in servers:
        server.start()
    os.read(told, 1)
    sandbox.stopping.set()
    for server in servers:
        server.stop()
    settling.join()
    telling.join()
    sandbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
