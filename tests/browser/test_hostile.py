"""A repository that means harm, imported into the house: its texts are shown and nothing runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.faults.person import Person
from tests.releases.repositories import Drawing, git
from tests.sandbox.running import eventually

from .conftest import WAIT_MS, sign_in
from .looking import Look
from .neighbourhood import Neighbourhood

pytestmark = pytest.mark.browser

MARKUP = "<script>alert(1)</script>"
BROKEN = '"><img src=x onerror=alert(1)>'
RTL = "‮gpj.exe‬ שלום עולם مرحبا بالعالم"
EMOJI = "\N{ROCKET}\N{FIRE}\N{FAMILY}\N{ZERO WIDTH JOINER}\N{PILE OF POO}" * 4
WORD = "w" * 250
SUBJECTS = [
    f"feat: {MARKUP}",
    f"feat({MARKUP}): in a scope",
    f"feat({BROKEN}): in a scope too",
    f"fix: {BROKEN}",
    "fix: [link](javascript:alert(1)) ![x](x onerror=alert(1))",
    f"feat: {RTL}",
    f"feat({RTL}): right to left",
    f"feat: {EMOJI}",
    f"fix: {WORD}",
    f"feat({WORD}): long scope",
    "feat: {{ 7|add:7 }} {% load x %} ${7*7} %s",
    "feat!: a\n\nBREAKING CHANGE: " + MARKUP,
    f"perf: tab\tand \x1b[31mred\x07 {MARKUP} (#99999999999999999999)",
    f"Merge pull request #7 from x/{MARKUP}",
    f'revert: {BROKEN}\n\nRefs: "onload=alert(1)',
    f"{MARKUP}: {MARKUP}",
    "",
]
AUTHORS = ["Ada", f"Mallory {MARKUP}", BROKEN.replace("<", "").replace(">", ""), RTL, EMOJI, WORD]
TAGS = 10_000


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One release of all of it, and all of it once more that is not released."""
    drawing = Drawing(tmp_path_factory.mktemp("harm") / "harm", branch="main")
    drawing.commit("feat: a harmless beginning")
    drawing.tag("v1.0.0")
    for number in range(TAGS):
        drawing.tag(f"v0.{number // 100}.{number % 100}")
    _fill(drawing)
    drawing.tag("v1.1.0")
    drawing.commit("feat: a megabyte\n\n" + f"{MARKUP} {BROKEN}\n" * 30_000)
    drawing.commit(b"feat: caf\xe9 \xff\xfe \xed\xa0\x80 is not UTF-8 " + MARKUP.encode())
    _fill(drawing)
    drawing.commit(f"feat: on a branch {MARKUP}", branch=f'x"><img/onerror=alert(1)>{EMOJI}')
    drawing.tag(f'"><img/onerror=alert(1)>{EMOJI}', 1)
    drawing.tag(f"v1.0.1-{'a' * 150}", 1)
    path = drawing.make()
    _add_nul(path)
    return path


def _fill(drawing: Drawing) -> None:
    """Each subject once, and authors in turn; names cannot hold angle brackets in git."""
    for number, subject in enumerate(SUBJECTS):
        author = AUTHORS[number % len(AUTHORS)].replace("<", "(").replace(">", ")")
        drawing.commit(subject, author=author)


def _add_nul(path: Path) -> None:
    """A commit on trunk whose message holds a NUL, which only plumbing makes."""
    head = git(path, "rev-parse", "main")
    raw = git(path, "cat-file", "commit", "main").split("\n\n")[0]
    raw = "\n".join(line for line in raw.splitlines() if not line.startswith("parent"))
    tree, rest = raw.split("\n", 1)
    data = f"{tree}\nparent {head}\n{rest}\n\nfeat: before\0after {MARKUP}\n".encode()
    sha = git(path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=data)
    git(path, "update-ref", "refs/heads/main", sha)


@pytest.fixture(scope="module")
def import_it(street: Neighbourhood, harmful: Path) -> None:
    """In the house, under a name that means harm as well; cut, and with an incident on it."""
    told = street.house.manage("import_repo", str(harmful), f"--name=harm {MARKUP}", "--slug=harm")
    assert told.process.wait(120) == 0, told.lines
    ada = Person(street.url, "ada")
    cut = "/projects/harm/draft/cut/"
    eventually(lambda: "Validation passed" in ada.read(cut).text, 60)
    ada.send(cut, reason="Planned for this week.")
    texts = {"title": f"{BROKEN} {RTL}"[:200], "text": f"{MARKUP} {WORD}"}
    ada.send("/incidents/new/", severity="sev1", **texts)
    ada.send("/incidents/1/notes/", shown="/incidents/1/", text=f"{RTL} {BROKEN}")


@pytest.fixture(scope="module")
def here(chromium: Browser, street: Neighbourhood, import_it: None) -> Iterator[Look]:
    """What Ada sees; a dialog of the browser's own is what an executed text would open."""
    context = chromium.new_context(base_url=street.url)
    context.set_default_timeout(WAIT_MS)
    look = Look(context.new_page())
    look.page.on("dialog", lambda dialog: look.wrong.append(f"executed: {dialog.message}"))
    sign_in(look.page, "ada")
    yield look
    context.close()


PLACES = {
    "/?form=lanes": f"harm {MARKUP}",
    "/?form=lines": f"harm {MARKUP}",
    "/releases/?project=harm": "v2.0.0",
    "/projects/harm/draft/": "up to",
    "/projects/harm/releases/1.1.0/": MARKUP,
    "/projects/harm/releases/2.0.0/": MARKUP,
    "/projects/harm/releases/1.1.0/request/": "Ask for the promotion",
    "/projects/harm/draft/cut/": "Cut a release",
    "/incidents/": BROKEN,
    "/incidents/1/": MARKUP,
    "/incidents/1/update/": "Publish an update",
    "/incidents/new/": f"harm {MARKUP}",
    "/status/": MARKUP,
    "/settings/": "harm",
    "/audit/": BROKEN,
}


@pytest.mark.parametrize("path", PLACES)
def test_it_is_shown_and_nothing_runs(here: Look, path: str) -> None:
    assert here.at(path).ok
    assert PLACES[path] in here.page.locator("main").inner_text()
    for width in (1440, 390, 320):
        here.wide(width)
    assert not here.wrong, "\n".join(here.wrong)


def test_the_sandboxs_own_pages_run_nothing_either(here: Look, street: Neighbourhood) -> None:
    assert here.at(f"{street.sandbox_url}/_control/").ok
    assert not here.wrong, "\n".join(here.wrong)
