"""The next version out of what happened since the last one."""

import pytest
from semver import Version

from releases.conventional.bump import Proposal, propose
from releases.conventional.changes import change_of
from releases.conventional.policy import Bump, ChangeType, Policy

V = Version.parse


def proposal(
    *messages: str,
    base: str | None = "1.4.2",
    taken: tuple[str, ...] = (),
    begun: tuple[str, ...] = (),
    policy: Policy | None = None,
    forced: Bump | None = None,
) -> Proposal:
    """What is proposed after these messages, the newest first."""
    changes = [change_of(f"{n:040x}", text) for n, text in enumerate(messages)]
    return propose(
        changes,
        base=V(base) if base else None,
        taken=[V(text) for text in taken],
        begun=[V(text) for text in begun],
        policy=policy or Policy(),
        forced=forced,
    )


@pytest.mark.parametrize(
    ("messages", "version"),
    [
        (("fix: a",), "1.4.3"),
        (("perf: a",), "1.4.3"),
        (("revert: a",), "1.4.3"),
        (("fix: a", "feat: b", "docs: c"), "1.5.0"),
        (("fix!: a", "feat: b"), "2.0.0"),
        (("chore: a\n\nBREAKING CHANGE: b", "feat: b"), "2.0.0"),
    ],
)
def test_the_highest_bump_wins(messages: tuple[str, ...], version: str) -> None:
    assert proposal(*messages).version == V(version)


@pytest.mark.parametrize(
    "kind", ["docs", "style", "refactor", "test", "chore", "ci", "build", "task", "wip"]
)
def test_nothing_else_releases_by_itself(kind: str) -> None:
    found = proposal(f"{kind}: a", "no type at all")
    assert (found.version, found.bump) == (None, None)
    assert found.notes == (
        "No commit since 1.4.2 asks for a release; "
        "that takes feat, fix, perf, revert or a breaking change.",
    )


def test_a_person_may_release_anything() -> None:
    assert proposal("docs: a", forced=Bump.PATCH).version == V("1.4.3")
    assert proposal("fix: a", forced=Bump.MAJOR).version == V("2.0.0")
    assert proposal("feat: a", base="0.4.2", forced=Bump.MAJOR).version == V("1.0.0")


def test_the_first_version_is_0_1_0() -> None:
    assert proposal("feat!: a", base=None).version == V("0.1.0")
    assert proposal("nothing conventional", base=None).version == V("0.1.0")


def test_without_a_commit_there_is_no_version() -> None:
    found = proposal(base=None)
    assert found.version is None
    assert found.notes == ("There is no commit to release yet.",)


def test_before_1_0_0_breaking_stays_below_1_unless_the_policy_goes_there() -> None:
    assert proposal("feat!: a", base="0.4.2").version == V("0.5.0")
    bold = Policy(breaking_in_zero=Bump.MAJOR)
    assert proposal("feat!: a", base="0.4.2", policy=bold).version == V("1.0.0")


def test_a_house_may_have_types_of_its_own() -> None:
    house = Policy((ChangeType("task", "Tasks", Bump.MINOR),))
    assert proposal("task: a", policy=house).version == V("1.5.0")
    assert proposal("feat: a", policy=house).version is None


def test_a_version_that_exists_is_not_given_twice() -> None:
    assert proposal("fix: a", taken=("1.4.3", "1.4.4")).version == V("1.4.5")
    assert proposal("feat: a", taken=("1.5.0",)).version == V("1.6.0")
    assert proposal("feat: a", base=None, taken=("0.1.0",)).version == V("0.2.0")


def test_pre_releases_lead_to_the_version_that_they_announce() -> None:
    assert proposal("fix: a", begun=("2.0.0-beta.1",)).version == V("2.0.0")
    assert proposal("fix: a", begun=("1.4.2-rc.1", "1.4.3-rc.1")).version == V("1.4.3")
    assert proposal("feat!: a", begun=("1.5.0-rc.1",)).version == V("2.0.0")
    assert proposal("fix: a", base=None, begun=("1.0.0-rc.1",)).version == V("1.0.0")


def test_the_newest_release_as_footer_decides() -> None:
    found = proposal("fix: a\n\nRelease-As: 3.0.0", "fix: b\n\nRelease-As: 2.0.0", "feat!: c")
    assert (found.version, found.bump) == (V("3.0.0"), Bump.MAJOR)
    assert found.notes == ("A commit asks for 3.0.0 by “Release-As”.",)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("soon", "it is not a version"),
        ("1.5", "it is not a version"),
        ("1.4.2", "it is not above 1.4.2"),
        ("1.9.0", "that version exists already"),
    ],
)
def test_a_release_as_that_cannot_be_is_not_followed_and_says_why(asked: str, why: str) -> None:
    found = proposal(f"fix: a\n\nRelease-As: {asked}", taken=("1.9.0",))
    assert found.version == V("1.4.3")
    assert found.notes == (f"“Release-As: {asked}” is not followed: {why}.",)


def channel(*messages: str, base: str | None, taken: tuple[str, ...] = (), fresh: int = 1) -> str:
    """The next rc, where the `fresh` newest messages are in no pre-release yet."""
    changes = [change_of(f"{n:040x}", text) for n, text in enumerate(messages)]
    versions = [V(text) for text in taken]
    found = propose(
        changes,
        base=V(base) if base else None,
        taken=versions,
        begun=[version for version in versions if version.prerelease],
        channel="rc",
        fresh=changes[:fresh],
    )
    return str(found.version)


def test_a_channel_counts_up_to_the_version_that_it_announces() -> None:
    assert channel("feat: a", base="1.3.0") == "1.4.0-rc.1"
    assert channel("fix: b", "feat: a", base="1.3.0", taken=("1.4.0-rc.1",)) == "1.4.0-rc.2"
    assert channel("fix!: b", "feat: a", base="1.3.0", taken=("1.4.0-rc.1",)) == "2.0.0-rc.1"
    assert channel("feat: a", base=None) == "0.1.0-rc.1"
    assert channel("feat: a", base="1.3.0", taken=("1.4.0-rc", "1.4.0-rc.x")) == "1.4.0-rc.1"


def test_a_channel_waits_for_something_that_asks_for_a_release() -> None:
    assert channel("docs: b", "feat: a", base="1.3.0", taken=("1.4.0-rc.1",)) == "None"
    assert channel("feat: a", base="1.3.0", taken=("1.4.0-rc.1",), fresh=0) == "None"


def test_a_pre_release_that_a_commit_asks_for_is_followed_as_it_is() -> None:
    assert channel("feat: a\n\nRelease-As: 2.0.0-beta.1", base="1.3.0") == "2.0.0-beta.1"
