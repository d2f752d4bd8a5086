"""The links that the providers give lead to pages."""

from .conftest import Registered


def page(project: Registered, url: str) -> str:
    answer = project.sandbox.ask(
        "GET", url.removeprefix(project.sandbox.url), headers={"Authorization": ""}
    )
    assert answer.status == 200, url
    assert answer.headers["Content-Type"].startswith("text/html")
    return answer.text


def test_a_commit_shows_its_checks_and_its_pull_request(shown: Registered) -> None:
    url = shown.sandbox.get(f"{shown.github}/commits/main")["html_url"]
    text = page(shown, url)
    assert "#3 feat!: change everything" in text
    assert "<dt>security-scan</dt><dd>success</dd>" in text


def test_a_check_leads_to_its_commit(shown: Registered) -> None:
    run = shown.sandbox.get(f"{shown.github}/commits/main/check-runs")["check_runs"][0]
    assert shown.facts["head"] in page(shown, run["details_url"])


def test_a_pull_request_shows_who_approved_it(project: Registered) -> None:
    number = project.act("pulls", subject="an open one")["number"]
    project.act("pulls/approve", number=number, by="rowan")
    url = project.sandbox.get(f"{project.github}/pulls/{number}")["html_url"]
    assert "rowan approved" in page(project, url)


def test_a_release_shows_its_notes(project: Registered) -> None:
    body = {"tag_name": "v1.2.0", "body": "All <b>new</b>."}
    url = project.sandbox.ask("POST", f"{project.github}/releases", body).body["html_url"]
    assert "All &lt;b&gt;new&lt;/b&gt;." in page(project, url)


def test_a_deployment_shows_its_state_and_its_log(shown: Registered) -> None:
    text = page(shown, shown.deployments()[0]["inspectorUrl"])
    assert "READY STAGED" in text
    assert "npm run build" in text


def test_a_page_about_nothing_is_404(shown: Registered) -> None:
    for path in ("/github/demo/nothing", "/vercel/demo/shown/none", "/vercel/demo"):
        assert shown.sandbox.ask("GET", path).status == 404
