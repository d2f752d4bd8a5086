"""SARIF 2.1.0: what counts as a finding, and by what a finding is known again."""

import json
from typing import Any

import pytest

from releases.reports import Reading, Unreadable, read


def scan(*results: dict[str, Any], **run: Any) -> Reading:
    rules = [{"id": "sqli", "defaultConfiguration": {"level": "error"}}, {"id": "todo"}]
    driver = {"name": "CodeQL", "rules": rules}
    body = {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results, **run}]}
    return read("security", json.dumps(body).encode())


def finding(rule: str = "sqli", line: int = 3, **more: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": "src/a.ts"}, "region": {"startLine": line}}
    locations = [{"physicalLocation": place}]
    return {"ruleId": rule, "message": {"text": "Unsafe"}, "locations": locations, **more}


def test_levels_come_from_the_result_the_rule_or_the_standard() -> None:
    found = scan(finding(), finding("todo"), finding("todo", level="note"))
    assert found.summary["levels"] == {"error": 1, "warning": 1, "note": 1}
    assert (found.figures["findings"], found.figures["severe"]) == (3, 1)
    assert found.summary["named"][0]["place"] == "src/a.ts:3"


def test_what_is_suppressed_counts_apart_unless_that_was_rejected() -> None:
    found = scan(
        finding(suppressions=[{"kind": "inSource"}]),
        finding(suppressions=[{"kind": "external", "status": "rejected"}]),
        finding(suppressions=[]),
    )
    assert (found.summary["suppressed"], found.figures["findings"]) == (1, 2)


def test_what_passed_or_is_gone_is_no_finding() -> None:
    found = scan(finding(kind="pass"), finding(baselineState="absent"))
    assert found.figures["findings"] == 0


def test_a_finding_is_known_again_when_its_line_moves() -> None:
    assert scan(finding(line=3)).summary["marks"] == scan(finding(line=90)).summary["marks"]


def test_two_findings_alike_are_two() -> None:
    assert len(scan(finding(), finding(line=9)).summary["marks"]) == 2


def test_the_tools_own_fingerprint_tells_findings_apart() -> None:
    prints = [{"primaryLocationLineHash": text} for text in ("a:1", "b:1")]
    one, other = (scan(finding(partialFingerprints=each)).summary["marks"] for each in prints)
    assert one != other


def test_a_scan_that_failed_is_not_clean() -> None:
    found = scan(invocations=[{"executionSuccessful": False}])
    assert found.problems == ("CodeQL says that its scan did not end well.",)


def test_no_list_of_results_is_no_scan() -> None:
    assert "nothing is known" in scan(results=None).problems[0]
    assert scan().problems == ()


def test_no_run_at_all_says_so() -> None:
    assert "no run" in read("security", b'{"version": "2.1.0", "runs": []}').problems[0]


def test_too_many_findings_are_counted_without_marks() -> None:
    found = scan(*(finding(message={"text": str(n)}) for n in range(2_001)))
    assert found.figures["findings"] == 2_001
    assert "marks" not in found.summary


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"version": "1.0.0", "runs": []}', "version has to be 2.1.0"),
        ('{"version": "2.1.0"}', "runs is not a list"),
        ('{"version": "2.1.0", "runs": [{}]}', r"runs\[0\].tool.driver.name is not a text"),
        ("[1, 2", "not JSON"),
        ('{"version": NaN}', "NaN"),
        ("[" * 100_000, "nests too deeply"),
    ],
)
def test_what_is_no_sarif_is_refused_with_where(body: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read("security", body.encode())
