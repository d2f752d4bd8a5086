"""A report against the one before, in the words of a page."""

import pytest

from releases.reports import Reading, compare, in_words


def words(kind: str, new: dict[str, float], old: dict[str, float]) -> list[tuple[str, str]]:
    found = compare(kind, Reading(figures=new), Reading(figures=old))
    return [(each.words.replace("\N{NO-BREAK SPACE}", " "), each.state) for each in found]


@pytest.mark.parametrize(
    ("kind", "name", "now", "was", "said", "state"),
    [
        ("bundle", "bundle_bytes", 424_000, 412_000, "bundle +12 KB", "worse"),
        ("bundle", "bundle_bytes", 411_500, 412_000, "bundle −500 bytes", "better"),
        ("performance", "p95_ms", 174, 182, "p95 −8 ms", "better"),
        ("performance", "score", 80, 91, "performance score −11 points", "worse"),
        ("performance", "error_rate", 0.2, 0.1, "error rate +0.1 %", "worse"),
        ("tests", "tests", 1204, 1192, "+12 tests", "changed"),
        ("tests", "failed", 1, 0, "+1 failed test", "worse"),
    ],
)
def test_a_figure_that_changed_says_by_how_much(
    kind: str, name: str, now: float, was: float, said: str, state: str
) -> None:
    assert words(kind, {name: now}, {name: was}) == [(said, state)]


def test_a_measured_time_that_hardly_differs_is_the_same() -> None:
    assert words("performance", {"p95_ms": 182.5}, {"p95_ms": 182})[0][1] == "same"


def test_worse_things_come_first() -> None:
    found = words("tests", {"tests": 9, "failed": 1}, {"tests": 8, "failed": 0})
    assert [state for _, state in found] == ["worse", "changed"]


def test_new_findings_are_told_from_those_that_were_there() -> None:
    new, old = (
        Reading({"marks": marks}, {"findings": 3}) for marks in (["a", "b", "c"], ["a", "d", "e"])
    )
    found = [
        each.words.replace("\N{NO-BREAK SPACE}", " ") for each in compare("security", new, old)
    ]
    assert found == ["2 new findings", "2 findings fewer"]


def test_without_marks_findings_are_compared_by_their_number() -> None:
    assert words("security", {"findings": 5}, {"findings": 3}) == [("+2 findings", "worse")]


def test_nothing_to_compare_with_is_said() -> None:
    (said,) = compare("bundle", Reading(figures={"bundle_bytes": 1}), None)
    assert (said.state, said.words.startswith("Nothing to compare with")) == ("unknown", True)
    assert words("performance", {"p95_ms": 1}, {"score": 1})[0][1] == "unknown"


def test_figures_stand_alone_with_their_unit() -> None:
    said = [in_words("tests", 1), in_words("bundle_bytes", 1_250_000), in_words("p95_ms", 181.6)]
    plain = [each.replace("\N{NO-BREAK SPACE}", " ") for each in said]
    assert plain == ["1 test", "bundle 1.25 MB", "p95 182 ms"]
