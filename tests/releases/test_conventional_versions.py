"""Versions out of tag names, and their order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from releases.conventional.versions import (
    NearlyVersion,
    highest,
    is_stable,
    precedence_key,
    predecessors,
    read_tag,
)

V = Version.parse
NUMBERS = st.integers(0, 10**18 - 1)
PARTS = st.from_regex(r"0|[1-9][0-9]{0,17}|[0-9]*[A-Za-z-][0-9A-Za-z-]*", fullmatch=True)
VERSIONS = st.builds(
    lambda core, parts: V(".".join(map(str, core)) + ("-" + ".".join(parts) if parts else "")),
    st.tuples(NUMBERS | st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
    st.lists(PARTS, max_size=4),
)


@pytest.mark.parametrize("name", ["v1.2.3", "1.2.3", "V1.2.3"])
def test_a_version_is_read_with_and_without_its_v(name: str) -> None:
    assert read_tag(name) == V("1.2.3")


def test_pre_release_and_build_are_kept() -> None:
    assert str(read_tag("v4.0.0-beta.1+20260805")) == "4.0.0-beta.1+20260805"


@pytest.mark.parametrize("name", ["latest", "nightly-2026-08-05", "v1", "", "release", "2026"])
def test_other_tags_are_none_or_nearly(name: str) -> None:
    assert not isinstance(read_tag(name), Version)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("v1.2", "has fewer than three numbers"),
        ("v1.2-rc.1", "has fewer than three numbers"),
        ("1.2.3.4", "has more than three numbers"),
        ("v01.2.3", "has a leading zero or an empty part"),
        ("v1.2.3-01", "has a leading zero or an empty part"),
        ("v1.2.3-", "does not follow the form 1.2.3"),
        ("v.1.2.3", "does not follow the form 1.2.3"),
        ("v1.2.3_hotfix", "does not follow the form 1.2.3"),
        ("v1.2.3\n", "does not follow the form 1.2.3"),
        ("v1234567890123456789.0.0", "has a number of more than 18 digits"),
        ("1.2.1234567890123456789", "has a number of more than 18 digits"),
        ("pkg@1.2.3", "has “pkg@” before the version"),
        ("@scope/pkg@1.2.3", "has “@scope/pkg@” before the version"),
        ("my-lib-v10.0.0-rc.1", "has “my-lib-” before the version"),
        ("release/1.2.3", "has “release/” before the version"),
    ],
)
def test_what_is_nearly_a_version_says_what_is_in_the_way(name: str, reason: str) -> None:
    nearly = read_tag(name)
    assert isinstance(nearly, NearlyVersion)
    assert (nearly.name, nearly.reason) == (name, reason)


def test_a_prefix_makes_the_tags_of_one_package_versions() -> None:
    assert read_tag("pkg@1.2.3", prefix="pkg@") == V("1.2.3")
    assert read_tag("pkg-v1.2.3", prefix="pkg-") == V("1.2.3")
    assert read_tag("v1.2.3", prefix="pkg@") is None
    assert isinstance(read_tag("pkg@sub@1.2.3", prefix="pkg@"), NearlyVersion)


def test_digits_of_other_scripts_are_no_numbers() -> None:
    assert not isinstance(read_tag("1.2.3١"), Version)


@given(st.text() | st.from_regex(r"v?[0-9.+a-z@/-]{0,30}"))
def test_any_tag_name_is_read_without_a_crash(name: str) -> None:
    found = read_tag(name)
    if isinstance(found, Version):
        assert str(found) == name.lstrip("vV")


@given(st.lists(VERSIONS, max_size=6))
def test_the_key_sorts_as_the_library_does(versions: list[Version]) -> None:
    for one in versions:
        for other in versions:
            by_key = (precedence_key(one) > precedence_key(other)) - (
                precedence_key(one) < precedence_key(other)
            )
            assert by_key == one.compare(other)


def test_the_key_follows_the_example_of_the_specification() -> None:
    """SemVer 2.0.0 §11."""
    ordered = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1"]
    versions = [V(f"1.0.0-{part}") for part in ordered] + [V("1.0.0"), V("1.0.1"), V("1.10.0")]
    assert sorted(versions, key=precedence_key) == versions
    assert highest(reversed(versions)) == V("1.10.0")


def test_a_stable_version_follows_a_stable_one() -> None:
    versions = [V(text) for text in ("1.1.0", "1.0.0", "1.1.0-rc.2", "1.1.0-rc.1", "0.9.0")]
    before = predecessors(versions)
    assert before[V("1.1.0")] == V("1.0.0")
    assert before[V("1.1.0-rc.2")] == V("1.1.0-rc.1")
    assert before[V("1.1.0-rc.1")] == V("1.0.0")
    assert before[V("0.9.0")] is None


def test_a_pre_release_is_not_stable() -> None:
    assert is_stable(V("1.0.0+build"))
    assert not is_stable(V("1.0.0-rc.1"))
