"""What has to be so when an operation has ended, whatever went wrong meanwhile."""

from .town import OLD, Town


def live_is(town: Town, version: str, *, held: bool) -> None:
    """The domain shows it, and our tables say so."""
    assert town.shown() == town.live() == town.build(version)
    assert town.is_held() is held


def promoted(town: Town, operation: int, begin: int) -> None:
    """It is live, by exactly one effective promote since `begin` in the sandbox's journal."""
    assert town.ended(operation) == "done", town.steps(operation)
    live_is(town, town.new, held=False)
    assert town.moves(begin) == [f"promoted {town.build(town.new)}"]
    state = "SELECT state FROM releases_promotion WHERE operation_id = %s"
    assert town.row(state, operation)[0] == "live"


def rolled_back(town: Town, operation: int, begin: int, *, moved: bool = True) -> None:
    """The old version is live and held; nothing was promoted after that.

    Where it took over, the domain may have moved there and back, or not at all (`moved` False).
    """
    assert town.ended(operation) == "done", town.steps(operation)
    live_is(town, OLD, held=True)
    new, old = (town.build(version) for version in (town.new, OLD))
    there_and_back = [f"promoted {new}", f"rolled_back {old}"]
    moves = town.moves(begin)
    assert moves == [f"rolled_back {old}"] if moved else moves in ([], there_and_back), moves


def published(town: Town, version: str, begin: int) -> None:
    """GitHub has one tag and one release of it, with its files, all made once since `begin`."""
    found = "SELECT max(id) FROM core_operation WHERE kind = 'publication'"
    operation = town.row(found)[0]
    assert town.ended(operation) == "done", town.steps(operation)
    events = town.ask("GET", f"/_control/journal?vendor=github&since={begin}")["events"]
    acts = [each["kind"] for each in events if each["detail"].get("tag") or "asset" in each["kind"]]
    tags = [each["detail"]["ref"] for each in events if each["kind"] == "ref_created"]
    assert tags.count(f"refs/tags/v{version}") == 1
    assert acts == ["release_created", "asset_uploaded", "asset_uploaded", "release_updated"]
    state = "SELECT state FROM releases_release WHERE version = %s"
    assert town.row(state, version)[0] == "published"
