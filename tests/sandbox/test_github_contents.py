"""Files, commits, refs and releases of a real repository (FACTS 1.4, 1.7)."""

from base64 import b64decode
from pathlib import Path
from typing import Any

from .conftest import Registered, register
from .histories import History
from .running import Answer, Running


def test_a_file_comes_in_base64(shown: Registered) -> None:
    found = shown.sandbox.get(f"{shown.github}/contents/docs/guide/one.md?ref=main")
    assert b64decode(found["content"]) == b"# One\n"
    assert (found["type"], found["size"], found["encoding"]) == ("file", 6, "base64")


def test_a_directory_lists_its_entries(shown: Registered) -> None:
    found = shown.sandbox.get(f"{shown.github}/contents/docs")
    assert [(one["name"], one["type"], one["path"]) for one in found] == [
        ("guide", "dir", "docs/guide")
    ]


def test_the_root_is_a_directory_too(shown: Registered) -> None:
    names = [one["name"] for one in shown.sandbox.get(f"{shown.github}/contents?ref=v1.0.0")]
    assert names == ["file-1.txt"]


def test_a_file_is_not_there_before_its_commit(shown: Registered) -> None:
    assert shown.sandbox.ask("GET", f"{shown.github}/contents/README.md?ref=v1.2.0").status == 404


def test_a_large_file_has_no_content_inline(sandbox: Running, tmp_path: Path) -> None:
    history = History()
    history.commit("feat: large", files={"large.bin": b"x" * (1024 * 1024 + 1)})
    project = register(sandbox, history.write(tmp_path / "large"))
    found = sandbox.get(f"{project.github}/contents/large.bin")
    assert (found["encoding"], found["content"], found["size"]) == ("none", "", 1024 * 1024 + 1)


def test_a_commit_has_its_files_and_counts(shown: Registered) -> None:
    found = shown.sandbox.get(f"{shown.github}/commits/main")
    assert found["stats"] == {"additions": 1, "deletions": 0, "total": 1}
    assert [(one["filename"], one["status"]) for one in found["files"]] == [("README.md", "added")]


def test_commits_can_be_filtered_by_path(shown: Registered) -> None:
    found = shown.sandbox.get(f"{shown.github}/commits?path=docs")
    assert [one["commit"]["message"] for one in found] == ["docs: explain\n\nBody of it."]


def test_an_unknown_commit_is_not_found(shown: Registered) -> None:
    assert shown.sandbox.ask("GET", f"{shown.github}/commits/{'0' * 40}").status == 422
    assert shown.sandbox.ask("GET", f"{shown.github}/commits/nothing").status == 404
    assert shown.sandbox.ask("GET", f"{shown.github}/commits?sha=nothing").status == 404


def test_an_option_is_not_a_commit(shown: Registered) -> None:
    for name in ("--all", "-n1", "main..side", "main^", "HEAD:README.md"):
        answer = shown.sandbox.ask("GET", f"{shown.github}/commits", params={"sha": name})
        assert answer.status == 404


def test_tags_name_their_commits(shown: Registered) -> None:
    found = {one["name"]: one["commit"]["sha"] for one in shown.sandbox.get(f"{shown.github}/tags")}
    assert set(found) == {"v1.0.0", "v1.1.0", "v1.2.0-rc.1", "v1.2.0", "nightly"}
    assert found["v1.2.0"] == shown.facts["live"]["sha"]


def release(project: Registered, **body: Any) -> Any:
    return project.sandbox.ask("POST", f"{project.github}/releases", body)


def test_1_7_a_release_makes_its_tag(project: Registered) -> None:
    made = release(project, tag_name="v2.0.0", target_commitish="main", name="2", body="All new.")
    assert made.status == 201
    ref = project.sandbox.get(f"{project.github}/git/ref/tags/v2.0.0")
    assert ref["object"]["sha"] == project.facts["head"]
    assert [one["kind"] for one in project.journal(vendor="github")] == [
        "ref_created",
        "release_created",
    ]
    again = release(project, tag_name="v2.0.0")
    assert again.body["errors"][0]["code"] == "already_exists"
    assert len(project.journal(vendor="github")) == 2


def test_1_7_a_draft_makes_no_tag_until_it_is_published(project: Registered) -> None:
    made = release(project, tag_name="v2.0.0", draft=True).body
    assert project.sandbox.ask("GET", f"{project.github}/releases/tags/v2.0.0").status == 404
    path = f"{project.github}/releases/{made['id']}"
    published = project.sandbox.ask("PATCH", path, {"draft": False})
    assert (published.status, published.body["draft"]) == (200, False)
    assert project.sandbox.get(f"{project.github}/releases/tags/v2.0.0")["id"] == made["id"]


def test_1_7_the_latest_release_is_that_of_the_newest_commit(project: Registered) -> None:
    release(project, tag_name="v9.0.0", target_commitish="main")
    release(project, tag_name="v1.0.0")
    release(project, tag_name="v10.0.0-rc.1", prerelease=True)
    release(project, tag_name="v11.0.0", make_latest="false")
    found = project.sandbox.get(f"{project.github}/releases/latest")
    assert found["tag_name"] == "v9.0.0"


def test_1_7_a_file_is_sent_to_the_upload_url_once(project: Registered) -> None:
    made = release(project, tag_name="v2.0.0", draft=True).body
    first, second = (upload(project, made) for _ in range(2))
    assert (first.status, first.body["state"], first.body["size"]) == (201, "uploaded", 2)
    assert (second.status, second.body["errors"][0]["code"]) == (422, "already_exists")


def test_1_7_an_upload_that_breaks_off_may_leave_a_starter(project: Registered) -> None:
    made = release(project, tag_name="v2.0.0", draft=True).body
    project.sandbox.act("faults", provider="github", kind="broken_off", times=1)
    assert upload(project, made).status == 502
    left = project.sandbox.get(f"{project.github}/releases/{made['id']}")["assets"][0]
    assert (left["state"], left["size"]) == ("starter", 0)
    assert upload(project, made).status == 422
    gone = project.sandbox.ask("DELETE", f"{project.github}/releases/assets/{left['id']}")
    assert (gone.status, upload(project, made).status) == (204, 201)


def test_1_7_a_release_goes_and_its_tag_stays(project: Registered) -> None:
    made = release(project, tag_name="v2.0.0").body
    path = f"{project.github}/releases/{made['id']}"
    assert project.sandbox.ask("DELETE", path).status == 204
    assert project.sandbox.ask("GET", path).status == 404
    assert project.sandbox.get(f"{project.github}/git/ref/tags/v2.0.0")["ref"]


def upload(project: Registered, made: Any) -> Answer:
    path = made["upload_url"].partition("{")[0].removeprefix(project.sandbox.url)
    return project.sandbox.ask("POST", f"{path}?name=a.json", data=b"{}")


def test_1_7_plain_tags_are_no_releases(shown: Registered) -> None:
    assert shown.sandbox.get(f"{shown.github}/releases") == []
    assert shown.sandbox.ask("GET", f"{shown.github}/releases/latest").status == 404


def test_1_7_generated_notes_save_nothing(project: Registered) -> None:
    path = f"{project.github}/releases/generate-notes"
    found = project.sandbox.ask("POST", path, {"tag_name": "v2.0.0"})
    assert found.body["name"] == "v2.0.0"
    assert project.sandbox.get(f"{project.github}/releases") == []


def test_1_7_an_annotated_tag_takes_two_calls(project: Registered) -> None:
    head = project.facts["head"]
    tagger = {"name": "Ada", "email": "ada@example.com", "date": "2026-11-24T14:20:00Z"}
    body = {"tag": "v2.0.0", "message": "Two", "object": head, "type": "commit", "tagger": tagger}
    tag = project.sandbox.ask("POST", f"{project.github}/git/tags", body)
    assert (tag.status, tag.body["tagger"]) == (201, tagger)
    assert project.sandbox.ask("GET", f"{project.github}/git/ref/tags/v2.0.0").status == 404
    ref = {"ref": "refs/tags/v2.0.0", "sha": tag.body["sha"]}
    assert project.sandbox.ask("POST", f"{project.github}/git/refs", ref).status == 201
    assert project.sandbox.get(f"{project.github}/commits/v2.0.0")["sha"] == head
    assert project.sandbox.get(f"{project.github}/git/tags/{tag.body['sha']}") == tag.body


def test_1_7_a_ref_that_exists_is_refused(project: Registered) -> None:
    body = {"ref": "refs/tags/v1.0.0", "sha": project.facts["head"]}
    answer = project.sandbox.ask("POST", f"{project.github}/git/refs", body)
    assert (answer.status, answer.body["message"]) == (422, "Reference already exists")
    assert project.journal(vendor="github") == []


def test_a_ref_with_a_bad_name_or_object_is_refused(project: Registered) -> None:
    head = project.facts["head"]
    for ref, sha in (
        ("tags/x", head),
        ("refs/tags/a..b", head),
        ("refs/tags/x", "0" * 40),
        ("refs/tags/-x y", head),
        ("refs/tags/x", "HEAD"),
    ):
        answer = project.sandbox.ask("POST", f"{project.github}/git/refs", {"ref": ref, "sha": sha})
        assert answer.status == 422, ref


def test_a_ref_moves_forward_only_unless_forced(project: Registered) -> None:
    path = f"{project.github}/git/refs/heads/side"
    old = project.sandbox.get(f"{project.github}/git/ref/tags/v1.0.0")["object"]["sha"]
    assert project.sandbox.ask("PATCH", path, {"sha": old}).status == 422
    assert project.sandbox.ask("PATCH", path, {"sha": old, "force": True}).status == 200
    assert project.sandbox.ask("PATCH", path, {"sha": project.facts["head"]}).status == 200
    assert project.sandbox.ask("DELETE", path).status == 204
    assert project.sandbox.ask("GET", f"{project.github}/git/ref/heads/side").status == 404


def test_1_7_assets_go_to_the_upload_address(project: Registered) -> None:
    made = release(project, tag_name="v2.0.0", target_commitish="main").body
    upload = made["upload_url"].partition("{")[0].removeprefix(project.sandbox.url)
    sent: dict[str, Any] = {"data": b'{"a": 1}', "headers": {"Content-Type": "application/json"}}
    asset = project.sandbox.ask("POST", f"{upload}?name=report.json&label=Report", **sent)
    assert (asset.status, asset.body["size"], asset.body["label"]) == (201, 8, "Report")
    assert project.sandbox.ask("POST", f"{upload}?name=report.json", **sent).status == 422
    path = asset.body["url"].removeprefix(project.sandbox.url)
    raw = project.sandbox.ask("GET", path, headers={"Accept": "application/octet-stream"})
    assert raw.text == '{"a": 1}'
    assert project.sandbox.get(f"{project.github}/releases/{made['id']}")["assets"] == [asset.body]


def test_1_7_an_asset_may_come_in_chunks(project: Registered) -> None:
    made = release(project, tag_name="v2.0.0", target_commitish="main").body
    upload = made["upload_url"].partition("{")[0].removeprefix(project.sandbox.url)
    answer = project.sandbox.ask("POST", f"{upload}?name=a.txt", data=iter([b"one ", b"two"]))
    assert (answer.status, answer.body["size"]) == (201, 7)


def test_a_file_of_any_size_can_be_had_raw(sandbox: Running, tmp_path: Path) -> None:
    history = History()
    history.commit("feat: large", files={"large.txt": b"x" * 2_000_000})
    project = register(sandbox, history.write(tmp_path / "raw"))
    raw = {"Accept": "application/vnd.github.raw+json"}
    answer = sandbox.ask("GET", f"{project.github}/contents/large.txt", headers=raw)
    assert (answer.status, len(answer.text)) == (200, 2_000_000)
