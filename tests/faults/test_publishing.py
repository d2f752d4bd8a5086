"""Whatever goes wrong while a release is published: one tag, one release, the right files."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import count, islice, product
from random import Random

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings
from semver import Version

from agentmesh_release.core import frozen, operations
from agentmesh_release.core.models import Operation
from releases.conventional.versions import precedence_key
from releases.models import Publication, Release
from releases.publication import manifest, publishing
from tests.releases.publishing import Press, told

from .dying import Died, Moment, die, until_it_dies
from .extent import ALL, SEED, moments
from .freezing import URGENT, USUAL, freeze_before
from .journey import Journey, hasten, lose_lease

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

_versions = count(1)
ARTIFACT = b'{"size": 1}'
LOST = ("502", "late", "half", "drop", "html", "hang", "broken_off")
REFUSED = ("422", "429", "rate_limited")
PLACES = {
    "tag": ("POST", "/git/refs"),
    "draft": ("POST", "/releases"),
    "file": ("POST", "uploads"),
    "publish": ("PATCH", "/releases"),
    "look": ("GET", "/releases"),
    "tag look": ("GET", "/commits/tags"),
}


@pytest.fixture
def press(journey: Journey, settings: Settings) -> Press:
    """A project with a head that may be published under one version after the other."""
    settings.OPERATION_LEASE_S = 1.8  # so that an act is allowed 0.6 s
    made = Press(journey.sandbox, journey.project, journey.ada)
    made.attach("bundle.json", ARTIFACT, "bundle")
    return made


def frozen_release(press: Press) -> Release:
    """One more release of the same head, as cutting freezes it."""
    version = Version(9, 0, next(_versions))
    return Release.objects.create(
        project=press.project,
        version=str(version),
        precedence=precedence_key(version),
        tag=f"v{version}",
        commit_sha=press.project.trunk_sha,
        state=Release.State.CUT,
        changelog=Release.objects.get(version="1.2.0").changelog,
        released_at=timezone.now(),
        cut_by="Ada",
    )


def begun(press: Press) -> tuple[Release, Operation]:
    release = frozen_release(press)
    return release, publishing.publish(release, by=press.by)


def is_whole(press: Press, release: Release, said: str) -> None:
    """GitHub has one tag and one release of it, which readers see with just its files."""
    events = press.sandbox.journal(vendor="github", kind="ref_created", project=press.project.slug)
    tags = [each["detail"]["ref"] for each in events].count(f"refs/tags/{release.tag}")
    (shown,) = [each for each in press.shown() if each["tag_name"] == release.tag]
    facts = Publication.objects.get(release=release).manifest
    right = {
        "CHANGELOG.md": release.notes_markdown().encode(),
        "release.json": manifest.canonical(facts),
        "bundle.json": ARTIFACT,
    }
    files = {each["name"]: (each["state"], each["digest"]) for each in shown["assets"]}
    assert (tags, shown["draft"], shown["name"]) == (1, False, release.tag), said
    assert files == {
        name: ("uploaded", f"sha256:{hashlib.sha256(content).hexdigest()}")
        for name, content in right.items()
    }, said
    assert Release.objects.get(pk=release.pk).state == "published", said


def work_through(press: Press, release: Release, moment: Moment) -> None:
    """A worker works until it dies at that moment; another one goes on."""
    until_it_dies(press.operation(release), moment)
    press.work(release)


def test_no_death_changes_anything(press: Press) -> None:
    deaths = 0
    for query in islice(moments(), 0, None, 1 if ALL else 2):
        release, operation = begun(press)
        moment = Moment(query, die)
        work_through(press, release, moment)
        operation.refresh_from_db()
        said = f"died before query {query}: {operation.outcome} {told(operation)}"
        is_whole(press, release, said)
        if not moment.came:
            break
        deaths += 1
    assert deaths > 5
    print(f"{deaths} deaths")


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "_URGENT", URGENT)
    monkeypatch.setattr(frozen, "_USUAL", USUAL)


@pytest.mark.usefixtures("_impatient")
def test_who_wakes_up_after_another_has_published_changes_nothing(press: Press) -> None:
    freezes = 0
    for query in islice(moments(), 0, None, 1 if ALL else 3):
        release, operation = begun(press)

        def go_on(operation: Operation = operation, release: Release = release) -> None:
            lose_lease(operation)
            press.work(Release.objects.get(pk=release.pk))

        came = freeze_before(operation, query, go_on)
        said = f"frozen before query {query}: {operation.outcome} {told(operation)}"
        is_whole(press, release, said)
        if not came:
            break
        freezes += 1
    assert freezes > 3


def troubles() -> Iterator[tuple[str, str, int]]:
    """Kind, place, how often; all of them, or some that chance picks."""
    found = list(product((*LOST, *REFUSED), PLACES, (1, 2)))
    print(f"FAULTS_SEED={SEED}")
    return iter(found if ALL else Random(SEED).sample(found, 16))


def test_no_answer_of_githubs_changes_anything(press: Press) -> None:
    repository = press.project.repository
    for kind, place, times in troubles():
        release = frozen_release(press)
        method, path = PLACES[place]
        full = f"/uploads/repos/{repository}" if path == "uploads" else f"/repos/{repository}{path}"
        press.fault(kind, method=method, path=full, times=times, seconds=1)
        publishing.publish(release, by=press.by)
        operation = press.work(release, pause_s=0.25)
        press.heal()
        if operation.state == "failed":  # a definite no: somebody looks, and tries again
            assert kind == "422", told(operation)
            press.again(release)
        is_whole(press, release, f"{kind} {times} times at {place}: {told(operation)}")


def test_a_rate_limit_is_waited_for(press: Press) -> None:
    release, operation = begun(press)
    press.fault("429", method="POST", times=1, seconds=3)
    for _ in range(4):
        hasten(operation)
        operations.run(operation.pk)
        operation.refresh_from_db()
        if operation.attempts:
            break
    waits = (operation.due_at - timezone.now()).total_seconds()
    assert 1.5 < waits <= 3
    press.work(release, pause_s=0.5)
    is_whole(press, release, "after a rate limit")


# Who dies closes no cursor.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cut_whose_web_worker_dies_did_all_or_nothing(press: Press) -> None:
    press.land("feat: one more")
    press.attach("bundle.json", ARTIFACT, "bundle")
    before = Release.objects.count(), Operation.objects.count()
    for query in count(1 + SEED % 3, 1 if ALL else 3):
        moment = Moment(query, die)
        with suppress(Died), connection.execute_wrapper(moment):
            press.cut()
        now = Release.objects.count(), Operation.objects.count()
        if now != before:
            break
        assert moment.came
    assert now == (before[0] + 1, before[1] + 1), f"died before query {query}"
    release = Release.objects.get(commit_sha=press.project.trunk_sha)
    press.work(release)
    is_whole(press, release, "after all")
