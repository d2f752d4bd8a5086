"""A supervisor with a table of simple children, for tests that kill it:

python -m tests.runtime.stand_in MARK NAME=SHELL_COMMAND…
"""

import asyncio
import signal
import sys

from agentmesh_release.runtime.logs import Log
from agentmesh_release.runtime.supervisor import Child, Supervisor


async def main(mark: str, table: list[str]) -> None:
    log = Log()
    supervisor = Supervisor(mark, log)
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def hear() -> None:
        if asked.is_set():
            supervisor.hurry()
        asked.set()

    loop.add_signal_handler(signal.SIGTERM, hear)
    for row in table:
        name, _, command = row.partition("=")
        supervisor.keep(Child(name, ["/bin/sh", "-c", command], grace_s=2))
    await asked.wait()
    await supervisor.stop()
    log.announce("stopped")
    log.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
