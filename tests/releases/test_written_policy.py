"""A policy as JSON: kept by a project, given to the commands by a file."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from releases.conventional.policy import DEFAULT_POLICY, Bump
from releases.conventional.written_policy import BadPolicy, as_json, from_json
from releases.models import Project

_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=8),
    lambda inner: (
        some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(["types", "channels", "name", "bump", "title", "first_version"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def test_it_reads_what_it_wrote() -> None:
    assert from_json(as_json(DEFAULT_POLICY)) == DEFAULT_POLICY


def test_what_is_left_out_is_as_the_seed_has_it() -> None:
    policy = from_json({"channels": ["rc"], "breaking_in_zero": "major"})
    assert policy.names == DEFAULT_POLICY.names
    assert (policy.channels, policy.breaking_in_zero) == (("rc",), Bump.MAJOR)


def test_a_type_of_its_own() -> None:
    policy = from_json({"types": [{"name": "feat"}, {"name": "security", "bump": "patch"}]})
    security = policy.types[1]
    assert (security.title, security.bump, security.is_folded) == (
        "Security",
        Bump.PATCH,
        False,
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([], "is an object"),
        ({"colour": 1}, "no “colour”"),
        ({"types": []}, "1 to 40 types"),
        ({"types": [{"name": "Feat"}]}, "lower-case"),
        ({"types": [{"name": "breaking"}]}, "neither breaking"),
        ({"types": [{"name": "a"}, {"name": "a"}]}, "listed twice"),
        ({"types": [{"name": "a", "bump": "huge"}]}, "patch, minor or major"),
        ({"types": [{"name": "a", "folded": "no"}]}, "true or false"),
        ({"types": [{"name": "a", "title": "x\n# y"}]}, "a line of text"),
        ({"breaking_in_zero": None}, "before 1.0.0"),
        ({"first_version": "1.0"}, "such as 0.1.0"),
        ({"first_version": "1.0.0-rc.1"}, "such as 0.1.0"),
        ({"channels": ["1"]}, "at least one letter"),
        ({"channels": ["rc", "rc"]}, "listed twice"),
    ],
)
def test_what_is_no_policy_is_refused_in_a_sentence(data: Any, why: str) -> None:
    with pytest.raises(BadPolicy, match=why):
        from_json(data)


@settings(deadline=None)
@given(_JSON)
def test_no_json_crashes_it(data: Any) -> None:
    try:
        policy = from_json(data)
    except BadPolicy:
        return
    assert from_json(as_json(policy)) == policy


def test_a_project_starts_with_the_seeds_policy() -> None:
    assert Project().policy == DEFAULT_POLICY
