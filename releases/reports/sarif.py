"""Security scans as SARIF 2.1.0.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html; section numbers are its.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .documents import Value, parse
from .reading import Reading

LEVELS = ("error", "warning", "note", "none")
USUAL_LEVEL = "warning"  # 3.27.10
FOUND_NOTHING = ("pass", "notApplicable", "informational")  # 3.27.9
OPEN_SUPPRESSIONS = ("underReview", "rejected")  # 3.35.3
MOST_RUNS = 1_000
MOST_MARKS = 2_000
MOST_NAMED = 20


@dataclass
class _Scan:
    """What was counted over all runs."""

    tools: dict[str, None] = field(default_factory=dict)
    levels: Counter[str] = field(default_factory=Counter)
    suppressed: int = 0
    marks: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    named: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(body: bytes) -> Reading:
    """Findings by level, without those that are suppressed. Raises Unreadable.

    `marks` has one text a finding, which stays the same when its line moves: by it new findings
    are known. Where there are too many to keep, there is none.
    """
    report = parse(body)
    version = report.part("version").text()
    if not version.startswith("2.1"):
        raise report.part("version").wrong("has to be 2.1.0, as SARIF writes its version")
    scan = _Scan()
    runs = list(report.part("runs").items())
    if len(runs) > MOST_RUNS:
        raise report.part("runs").wrong(f"has more than {MOST_RUNS:,} runs")
    if not runs:
        scan.problems.append("It has no run, so it does not say that anything was scanned.")
    for run in runs:
        _read_run(scan, run)
    return _reading(scan)


def _read_run(scan: _Scan, run: Value) -> None:
    driver = run.part("tool").part("driver")
    name = driver.part("name").needed_text()
    scan.tools[name] = None
    if not _succeeded(run):
        scan.problems.append(f"{name} says that its scan did not end well.")
    results = run.part("results")
    if results.data is None:  # 3.14.23: no results at all is no scan; an empty list is a clean one
        scan.problems.append(f"{name} gives no list of results, so nothing is known of its scan.")
        return
    usual = dict(_usual_levels(driver))
    for result in results.items():
        _read_result(scan, result, name, usual)


def _succeeded(run: Value) -> bool:
    invocations = run.part("invocations")
    if not isinstance(invocations.data, list):
        return True
    return all(one.part("executionSuccessful").data is not False for one in invocations.items())


def _usual_levels(driver: Value) -> Iterator[tuple[str, str]]:
    """The level of each rule, by its id (3.49.14)."""
    if isinstance(driver.part("rules").data, list):
        for rule in driver.part("rules").items():
            level = rule.part("defaultConfiguration").part("level").text()
            yield rule.part("id").text(), level if level in LEVELS else USUAL_LEVEL


def _read_result(scan: _Scan, result: Value, tool: str, usual: Mapping[str, str]) -> None:
    result.object()
    if result.part("kind").text() in FOUND_NOTHING:
        return
    if result.part("baselineState").text() == "absent":  # 3.27.24: it was there before
        return
    if _is_suppressed(result):
        scan.suppressed += 1
        return
    rule = result.part("ruleId").text() or result.part("rule").part("id").text()
    level = result.part("level").text()
    if level not in LEVELS:
        level = usual.get(rule, USUAL_LEVEL)
    scan.levels[level] += 1
    mark = _mark(result, tool, rule)
    scan.seen[mark] += 1
    if len(scan.marks) <= MOST_MARKS:
        scan.marks.add(f"{mark}/{scan.seen[mark]}")
    if level in ("error", "warning") and len(scan.named) < MOST_NAMED:
        scan.named.append(_named(result, rule, level))


def _is_suppressed(result: Value) -> bool:
    """3.27.23: suppressed when there are suppressions, and none is under review or rejected."""
    given = result.part("suppressions")
    if not isinstance(given.data, list) or not given.data:
        return False
    return all(one.part("status").text() not in OPEN_SUPPRESSIONS for one in given.items())


def _mark(result: Value, tool: str, rule: str) -> str:
    """By the tool's own fingerprints (3.27.16, 3.27.17), else by rule, file and message."""
    own = next(
        (
            known.data
            for known in (result.part("fingerprints"), result.part("partialFingerprints"))
            if isinstance(known.data, dict) and known.data
        ),
        None,
    )
    said = own if own is not None else result.part("message").part("text").text(500)
    whole = json.dumps([tool, rule, _file(result), said], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _place(result: Value) -> Value:
    locations = result.part("locations")
    first = locations.data[0] if isinstance(locations.data, list) and locations.data else None
    return Value(first, f"{locations.where}[0]").part("physicalLocation")


def _file(result: Value) -> str:
    return _place(result).part("artifactLocation").part("uri").text(300)


def _named(result: Value, rule: str, level: str) -> dict[str, str]:
    line = _place(result).part("region").part("startLine").number()
    place = _file(result) + (f":{line:.0f}" if line else "")
    said = result.part("message").part("text").text()
    return {"rule": rule, "level": level, "place": place, "said": said}


def _reading(scan: _Scan) -> Reading:
    summary: dict[str, object] = {
        "tool": ", ".join(scan.tools)[:200],
        "levels": {level: scan.levels[level] for level in LEVELS if scan.levels[level]},
        "suppressed": scan.suppressed,
        "named": scan.named,
    }
    if len(scan.marks) <= MOST_MARKS:
        summary["marks"] = sorted(scan.marks)
    figures = {
        "findings": scan.levels.total(),
        "severe": scan.levels["error"],
    }
    return Reading(summary, figures, tuple(dict.fromkeys(scan.problems)))
