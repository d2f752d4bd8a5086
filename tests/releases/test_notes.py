"""The notes of a release: generated, edited before it goes out, nothing lost between the two."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, User
from agentmesh_release.core.refusals import Refused
from releases.drafting import drafts, notes
from releases.models import EditedNotes, Project, Release
from releases.publication import publishing
from tests.cast import signed_in
from tests.releases.imports import NOW, land, since_release
from tests.releases.test_cut import cut

pytestmark = pytest.mark.django_db
OURS = "Agents have names now.\n"


def write(of: notes.Notes, by: User, text: str = OURS, seen: str = "") -> None:
    notes.save(of, text, seen=seen or of.mark, by=Actor.person(by), now=NOW)


def draft_notes() -> notes.Notes:
    return notes.of_draft(Project.objects.get())


def unpublished(project: Project, by: User) -> Release:
    """A release whose publication was stopped."""
    release = cut(project, by)
    publishing.stop(release, by=Actor.person(by), reason="Its text is not good yet.")
    return release


def edited_draft(by: User) -> Project:
    project = since_release("feat(agents): name them")
    write(notes.of_draft(project), by)
    return Project.objects.get()


def arrive(project: Project, message: str = "fix: a leak") -> None:
    """One more commit on trunk, and the draft as it is then."""
    land(project, message, 99)
    drafts.recompute(project, NOW)


def send(by: User, address: str, **values: str) -> HttpResponse:
    answer = signed_in(by).post(address, values)
    assert isinstance(answer, HttpResponse)
    return answer


def test_what_is_generated_is_what_readers_are_told_at_first() -> None:
    since_release("feat(agents): name them")
    assert "**agents:** name them" in draft_notes().text
    assert not draft_notes().is_outdated


def test_an_edit_of_the_draft_goes_into_the_release(ada: User) -> None:
    release = cut(edited_draft(ada), ada)
    assert notes.of_release(release).text == OURS
    assert release.notes_markdown().endswith(f"\n\n{OURS}")
    assert release.notes_markdown().startswith("## [v1.3.0](")
    assert draft_notes().edited is None


def test_a_pre_release_leaves_the_edit_with_the_draft(ada: User) -> None:
    release = cut(edited_draft(ada), ada, channel="rc")
    assert notes.of_release(release).edited is None
    assert draft_notes().text == OURS


def test_what_comes_later_neither_overwrites_the_edit_nor_hides_behind_it(ada: User) -> None:
    arrive(edited_draft(ada))
    present = draft_notes()
    assert (present.text, present.is_outdated) == (OURS, True)
    assert "a leak" in present.generated


def test_a_release_is_not_cut_with_notes_that_do_not_know_of_everything(ada: User) -> None:
    project = edited_draft(ada)
    arrive(project)
    with pytest.raises(Refused, match="notes that Ada wrote are older") as refusal:
        cut(Project.objects.get(), ada)
    assert refusal.value.code == "notes_outdated"
    write(draft_notes(), ada)
    assert notes.of_release(cut(Project.objects.get(), ada)).text == OURS


def test_going_back_to_the_generated_text(ada: User) -> None:
    edited_draft(ada)
    notes.restore(draft_notes(), seen=draft_notes().mark, by=Actor.person(ada))
    assert draft_notes().edited is None


def test_each_edit_is_audited_beside_the_generated_text(ada: User) -> None:
    edited_draft(ada)
    event = AuditEvent.objects.get(verb="notes.edit")
    assert (event.actor, event.label) == ("Ada", "api draft")
    assert event.data["to"] == OURS
    assert event.data["from"] == draft_notes().generated
    assert event.data["generated"] == draft_notes().plain


def test_another_address_of_the_repository_is_no_change(ada: User) -> None:
    edited_draft(ada)
    Project.objects.update(repository="elsewhere/api")
    assert not draft_notes().is_outdated


def test_who_saves_second_is_told_and_loses_nothing(ada: User, ben: User) -> None:
    since_release("feat: a")
    seen = draft_notes().mark
    write(draft_notes(), ada, seen=seen)
    answer = send(ben, reverse("draft-notes", args=["api"]), seen=seen, text="Ben's own")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada saved another text" in page
    assert "Ben&#x27;s own</textarea>" in page
    assert OURS.strip() in page
    assert draft_notes().text == OURS
    send(ben, reverse("draft-notes", args=["api"]), seen=draft_notes().mark, text="Ben's own")
    assert draft_notes().text == "Ben's own\n"


def test_a_commit_that_arrives_while_one_writes_is_shown_first(ada: User) -> None:
    project = since_release("feat: a")
    seen = draft_notes().mark
    arrive(project)
    answer = send(ada, reverse("draft-notes", args=["api"]), seen=seen, text=OURS)
    assert "Other changes came in" in answer.content.decode()
    assert not EditedNotes.objects.exists()


@pytest.mark.parametrize(("text", "why"), [(" \n ", "Write something"), ("x" * 100_001, "100,000")])
def test_what_is_no_text_for_readers_is_refused(ada: User, text: str, why: str) -> None:
    since_release("feat: a")
    with pytest.raises(Refused, match=why):
        write(draft_notes(), ada, text)


def test_the_same_text_again_is_no_edit(ada: User) -> None:
    since_release("feat: a")
    with pytest.raises(Refused, match="as it was"):
        write(draft_notes(), ada, draft_notes().text)


def test_a_release_that_is_out_keeps_its_notes(ada: User) -> None:
    release = cut(since_release("feat: a"), ada)
    present = notes.of_release(release)
    Release.objects.filter(pk=release.pk).update(state="published")
    with pytest.raises(Refused, match="is published"):
        write(present, ada)
    page = signed_in(ada).get(reverse("release-notes", args=["api", "1.3.0"]))
    assert "textarea" not in page.content.decode()


def test_the_release_shows_both_texts(ada: User, sam: User) -> None:
    release = unpublished(since_release("feat: a"), ada)
    write(notes.of_release(release), ada, "New:\n\n- **names** <script>alert(1)</script>\n")
    page = signed_in(sam).get(reverse("release", args=["api", "1.3.0"])).content.decode()
    assert "<strong>names</strong> &lt;script&gt;" in page
    assert "edited by Ada" in page
    assert "Beside what was generated" in page


def test_a_preview_saves_nothing(ada: User) -> None:
    since_release("feat: a")
    address = reverse("draft-notes", args=["api"])
    answer = send(ada, address, text="# Hello", preview="yes", seen=draft_notes().mark)
    assert "<h3>Hello</h3>" in answer.content.decode()
    assert not EditedNotes.objects.exists()


def test_the_pages_buttons_go_back_to_the_generated_text(ada: User) -> None:
    edited_draft(ada)
    address = reverse("draft-notes", args=["api"])
    send(ada, address, text="x", restore="yes", seen=draft_notes().mark)
    assert not EditedNotes.objects.exists()
