"""JUnit XML as pytest, jest, vitest, surefire and gotestsum write it."""

import pytest

from releases.reports import Unreadable, read

PYTEST = """<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="1"
 failures="1" skipped="1" tests="4" time="0.391"><testcase classname="tests.test_a" name="test_ok"
 time="0.100"/><testcase classname="tests.test_a" name="test_bad" time="0.2"><failure
 message="assert 1 == 2">def test_bad():
E   assert 1 == 2</failure></testcase><testcase classname="" name="tests.test_b" time="0.000"><error
 message="collection failure">ImportError</error></testcase><testcase classname="tests.test_a"
 name="test_skip" time="0.001"><skipped type="pytest.skip" message="no"/></testcase></testsuite>
</testsuites>"""
JEST = """<testsuites name="jest tests" tests="2" failures="1" errors="0" time="1.2"><testsuite
 name="runs" errors="0" failures="1" skipped="0" time="0.9" tests="2"><testcase
 classname="runs list" name="runs list shows" time="0.01"/><testcase classname="runs list"
 name="runs list sorts" time="0.02"><failure>Error: expected 1
    at sort.test.ts:3</failure></testcase></testsuite></testsuites>"""
VITEST = """<testsuites name="vitest tests" tests="1" failures="0" errors="0" time="0.4"><testsuite
 name="a.test.ts" tests="1" failures="0" errors="0" skipped="0" time="0.003"><testcase
 classname="a.test.ts" name="adds" time="0.002"></testcase></testsuite></testsuites>"""
SUREFIRE = """<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="https://maven.apache.org/surefire/maven-surefire-plugin/xsd/s.xsd"
 name="ApiTest" time="1,234.5" tests="2" errors="0" skipped="0" failures="0"><properties><property
 name="java.version" value="21"/></properties><testcase name="a" classname="ApiTest"
 time="1,234.5"><flakyFailure message="once">stack</flakyFailure></testcase><testcase name="b"
 classname="ApiTest"/></testsuite>"""
GOTESTSUM = """<testsuites tests="2" failures="1" errors="0" time="0.1"><testsuite tests="2"
 failures="1" time="0.1" name="example/api"><properties><property name="go.version"
 value="go1.22"/></properties><testcase classname="example/api" name="TestA" time="0.0"/><testcase
 classname="example/api" name="TestB"><failure message="Failed" type="">=== RUN</failure></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("report", "tool", "tests", "failed", "skipped", "flaky"),
    [
        (PYTEST, "pytest", 4, 2, 1, 0),
        (JEST, "jest", 2, 1, 0, 0),
        (VITEST, "vitest", 1, 0, 0, 0),
        (SUREFIRE, "surefire", 2, 0, 0, 1),
        (GOTESTSUM, "gotestsum", 2, 1, 0, 0),
    ],
)
def test_each_dialect_is_counted(
    report: str, tool: str, tests: int, failed: int, skipped: int, flaky: int
) -> None:
    found = read("tests", report.encode())
    assert found.summary["tool"] == tool
    counted = {name: found.figures[name] for name in ("tests", "failed", "skipped", "flaky")}
    assert counted == {"tests": tests, "failed": failed, "skipped": skipped, "flaky": flaky}
    assert found.problems == ()


def test_an_error_is_told_from_a_failure_and_both_are_named() -> None:
    summary = read("tests", PYTEST.encode()).summary
    assert (summary["passed"], summary["failures"], summary["errors"]) == (1, 1, 1)
    assert summary["named"][0] == {"name": "tests.test_a › test_bad", "said": "assert 1 == 2"}


def test_a_message_is_taken_from_the_text_where_no_attribute_has_it() -> None:
    assert read("tests", JEST.encode()).summary["named"][0]["said"] == "Error: expected 1"


def test_times_with_grouped_thousands_are_read() -> None:
    assert read("tests", SUREFIRE.encode()).figures["duration_s"] == 1234.5


def test_suites_in_suites_are_counted_once() -> None:
    inner = '<testsuite tests="1"><testcase name="a"/></testsuite>'
    found = read("tests", f'<testsuite tests="2">{inner}{inner}</testsuite>'.encode())
    assert (found.figures["tests"], found.summary["suites"], found.problems) == (2, 3, ())


def test_without_any_count_the_cases_are_counted() -> None:
    found = read("tests", b"<testsuite><testcase/><testcase><skipped/></testcase></testsuite>")
    assert (found.figures["tests"], found.figures["skipped"]) == (2, 1)


def test_a_suite_that_cannot_start_has_failed() -> None:
    body = (
        b'<testsuites><testsuite name="db"><error message="no database"/></testsuite></testsuites>'
    )
    found = read("tests", body)
    assert found.figures["failed"] == 1
    assert found.summary["named"] == [{"name": "db", "said": "no database"}]


def test_failures_that_are_only_announced_count() -> None:
    found = read("tests", b'<testsuite tests="3" failures="2"><testcase/></testsuite>')
    assert found.figures["failed"] == 2
    assert len(found.problems) == 2


def test_no_test_at_all_is_said_and_not_called_passed() -> None:
    assert "no test at all" in read("tests", b"<testsuites/>").problems[0]


def test_a_namespace_changes_nothing() -> None:
    body = b'<testsuite xmlns="urn:x"><testcase><failure/></testcase></testsuite>'
    assert read("tests", body).figures["failed"] == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<testsuite><testcase></testsuite>", "not well-formed"),
        (b"<html></html>", "root <html>"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><testsuite>&b;</testsuite>', "entities or a DTD"),
        (b'<?xml version="1.0" encoding="nonsense"?><testsuite/>', "XML"),
        (b"<testsuite>" * 101, "nests too deeply"),
        (b"", "empty"),
    ],
)
def test_what_is_no_junit_is_refused_with_a_sentence(body: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read("tests", body)


def test_where_the_xml_breaks_is_said() -> None:
    with pytest.raises(Unreadable) as refused:
        read("tests", b"<testsuite>\n  <testcase>\n</testsuite>")
    assert (refused.value.line, refused.value.column) == (3, 3)
