"""Test results as JUnit XML, in the dialects that test runners write.

There is no one schema: pytest, jest-junit, vitest, surefire and gotestsum agree on `testcase` and
differ in the rest. So test cases are counted, and what suites declare is only held against that.
https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from .reading import Reading, Unreadable

MOST_NAMED = 20  # failures that the summary names
DEEPEST = 100
LONGEST_MESSAGE = 1_000
ROOTS = ("testsuites", "testsuite")
BAD = ("error", "failure")
# Surefire: it failed, was run again, and passed.
FLAKY = ("flakyFailure", "flakyError")
TOOLS = {"pytest": "pytest", "jest tests": "jest", "vitest tests": "vitest"}

Attributes = Mapping[str, str]


def read(body: bytes) -> Reading:
    """Counts, duration and the first failures. Raises Unreadable with line and column.

    A case counts once, as the worst that it holds. One that passed when it was run again is flaky
    where the runner says so; two cases of one name are two, since parametrised ones share names.
    """
    counter = _Counter()
    try:
        parser = DefusedXMLParser(target=counter, forbid_dtd=True)
        parser.feed(body)
        parser.close()
    except ParseError as error:
        line, column = error.position
        raise Unreadable(f"The report is not well-formed XML: {error}.", line, column + 1) from None
    except DefusedXmlException:
        raise Unreadable("The report declares entities or a DTD, which is refused.") from None
    except (ValueError, LookupError) as error:
        raise Unreadable(f"The report is not XML that can be read: {error}.") from None
    return counter.reading()


@dataclass
class _Case:
    """The test case, or suite, that is open, and the worst that it held so far."""

    attributes: Attributes
    worst: str = ""
    is_flaky: bool = False
    message: str = ""


@dataclass
class _Counter:
    """What the parser tells as it goes on, counted; nothing of the document is kept."""

    tests: int = 0
    failures: int = 0
    errors: int = 0
    skipped: int = 0
    flaky: int = 0
    seconds: float = 0.0
    suites: int = 0
    declared: int = 0
    declared_bad: int = 0
    tool: str = ""
    named: list[dict[str, str]] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)
    _suites: list[Attributes] = field(default_factory=list)
    _case: _Case | None = None
    _said: _Case | None = None  # whose message is being read

    # What the parser calls

    def start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition("}")[2]  # some runners add a namespace
        if not self._path and name not in ROOTS:
            raise Unreadable(
                f"The report is XML with the root <{name[:60]}>; JUnit XML has <testsuites> or "
                "<testsuite>."
            )
        if len(self._path) == DEEPEST:
            raise Unreadable("The report nests too deeply to be read.")
        if name == "testcase":
            self._case = _Case(attributes)
        elif name in ROOTS:
            self._open_suite(name, attributes)
        elif name == "property" and attributes.get("name") == "go.version":
            self.tool = self.tool or "gotestsum"
        elif self._path[-1] == "testcase" and self._case:
            self._hold(self._case, name, attributes)
        elif self._path[-1] == "testsuite" and name in BAD:
            self._hold_outside(name, attributes)
        self._path.append(name)

    def data(self, text: str) -> None:
        if self._said and len(self._said.message) < LONGEST_MESSAGE:
            self._said.message += text[:LONGEST_MESSAGE]

    def end(self, tag: str) -> None:
        name = self._path.pop()
        if name in BAD and self._said:
            if self._said is not self._case:
                self._count(self._said)
            self._said = None
        elif name == "testcase" and self._case:
            self._count(self._case)
            self._case = None
        elif name == "testsuite":
            self._suites.pop()

    def close(self) -> None:
        """The parser asks for it."""

    # What follows from it

    def _open_suite(self, name: str, attributes: Attributes) -> None:
        self.tool = self.tool or _tool(attributes)
        if name == "testsuites":
            return
        self.suites += 1
        if not self._suites:  # an outer suite repeats the sums of those inside
            self.declared += _whole(attributes, "tests")
            self.declared_bad += _whole(attributes, "failures") + _whole(attributes, "errors")
        self._suites.append(attributes)

    def _hold(self, case: _Case, name: str, attributes: Attributes) -> None:
        if name in BAD:
            if case.worst != "error":
                case.worst = name
            if not case.message:
                case.message = attributes.get("message", "")[:LONGEST_MESSAGE]
                self._said = None if case.message else case
        elif name == "skipped" and not case.worst:
            case.worst = name
        elif name in FLAKY:
            case.is_flaky = True

    def _hold_outside(self, name: str, attributes: Attributes) -> None:
        """An error outside any case counts as one: a suite that cannot start has not passed."""
        suite = _Case(self._suites[-1], name)
        suite.message = attributes.get("message", "")[:LONGEST_MESSAGE]
        self._said = suite

    def _count(self, case: _Case) -> None:
        self.tests += 1
        self.failures += case.worst == "failure"
        self.errors += case.worst == "error"
        self.skipped += case.worst == "skipped"
        self.flaky += case.is_flaky and not case.worst
        self.seconds += _seconds(case.attributes) if case is self._case else 0.0
        if case.worst in BAD and len(self.named) < MOST_NAMED:
            self.named.append(_named(case))

    def reading(self) -> Reading:
        bad = self.failures + self.errors
        figures = {
            "tests": self.tests,
            "failed": max(bad, self.declared_bad),
            "skipped": self.skipped,
            "flaky": self.flaky,
            "duration_s": round(self.seconds, 3),
        }
        summary = {
            "tool": self.tool,
            "suites": self.suites,
            "passed": max(0, self.tests - figures["failed"] - self.skipped),
            "failures": self.failures,
            "errors": self.errors,
            "named": self.named,
        }
        return Reading(summary, figures, tuple(self._problems(bad)))

    def _problems(self, bad: int) -> list[str]:
        found = []
        if not self.tests:
            found.append("It holds no test at all, so it does not say that anything passed.")
        if self.declared > self.tests:
            found.append(
                f"Its suites announce {self.declared:,} tests, but it holds only {self.tests:,}."
            )
        if self.declared_bad > bad:
            found.append(
                f"Its suites announce {self.declared_bad:,} failures, but it holds only {bad:,}."
            )
        return found


def _named(case: _Case) -> dict[str, str]:
    names = (case.attributes.get("classname", ""), case.attributes.get("name", ""))
    lines = case.message.strip().splitlines()
    return {
        "name": " › ".join(name[:200] for name in names if name),
        "said": lines[0][:200] if lines else "",
    }


def _tool(suite: Attributes) -> str:
    if any("surefire" in value for value in suite.values()):
        return "surefire"
    return TOOLS.get(suite.get("name", ""), "")


def _seconds(case: Attributes) -> float:
    """Surefire groups thousands ("1,234.5"); what is no time is none."""
    try:
        seconds = float(case.get("time", "").replace(",", ""))
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and 0 <= seconds < 1e9 else 0.0


def _whole(suite: Attributes, name: str) -> int:
    value = suite.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
