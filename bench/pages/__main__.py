"""Measures every page on a large world: `python -m bench.pages [--rounds 20] [--only TEXT]`.

Server time of each address that the URLconf has, from the request to the rendered answer, asked in
this process by an admin; all addresses in turn, so that a slow moment of the machine falls on all.
The floor is a view that only knows who asks. Prints queries, p50, p95 in milliseconds, times the
floor, and which tables of 10,000 rows and more a query read from end to end; what is over its goal
(DESIGN: speed) is marked. Goal: ≤ 12 queries, p95 ≤ 100 ms, none of those tables read whole.
Needs DATABASE_URL of a world that `manage.py seed_scale` filled.
"""

import argparse
import gc
import time
from collections import defaultdict
from collections.abc import Sequence

import django
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import percentile
from bench.pages import plans

MOST_QUERIES, MOST_MS = 12, 100.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="addresses that hold this")
    asked = parser.parse_args()
    django.setup()
    settings.ROOT_URLCONF = "bench.pages.floor"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    client = _admin()
    answering = _answering(client, asked.only)
    gc.collect()
    gc.freeze()  # as the web server's worker does
    times = _measure(client, list(answering), asked.rounds)
    _say(answering, times)


def _admin() -> Client:
    from agentmesh_release.core.actors import Actor
    from agentmesh_release.core.models import Role
    from agentmesh_release.core.people import invite

    client = Client(raise_request_exception=False)
    client.force_login(invite("bench", "Bench", Role.ADMIN, by=Actor.system("bench")))
    return client


def _answering(client: Client, only: str) -> dict[str, tuple[int, set[str]]]:
    """By address that answers 200: how many queries it asks, and what they read whole."""
    from bench.pages.floor import FLOOR
    from bench.pages.places import places

    large = plans.large_tables()
    found: dict[str, tuple[int, set[str]]] = {}
    for address in (FLOOR, *places()):
        if only not in address and address != FLOOR:
            continue
        client.get(address)  # templates are read once
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = list(captured.captured_queries)
        if answer.status_code == 200:
            found[address] = len(queries), plans.read_whole(queries, large)
        elif answer.status_code >= 500:
            print(f"{address}: {answer.status_code}")
    return found


def _measure(client: Client, addresses: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Milliseconds by address."""
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for address in addresses:
            started = time.perf_counter()
            client.get(address)
            times[address].append((time.perf_counter() - started) * 1000)
    return times


def _say(answering: dict[str, tuple[int, set[str]]], times: dict[str, list[float]]) -> None:
    floor = percentile(times[next(iter(answering))], 50)
    over = 0
    for address, (queries, whole) in answering.items():
        p50, p95 = (percentile(times[address], share) for share in (50, 95))
        is_over = queries > MOST_QUERIES or p95 > MOST_MS or bool(whole)
        over += is_over
        print(
            f"{'!' if is_over else ' '} {queries:3} queries {p50:7.1f} {p95:7.1f} ms"
            f" {p50 / floor:6.1f} x  {address} {' '.join(sorted(whole))}"
        )
    print(f"{len(answering)} addresses, {over} over a goal; the floor is {floor:.1f} ms.")


if __name__ == "__main__":
    main()
