"""The flags that a draft needs, as the app's `config_flags` table has them."""

from datetime import datetime

from agentmesh_release.core import live
from agentmesh_release.providers.appdb.flags import Reading

from ..models.draft import Draft
from ..models.project import Project


def read(project: Project, now: datetime) -> None:
    """Read the flags that the project's draft needs, if any and if there is a table to read.

    Raises ProviderError; then what was known stays, with its age.
    """
    draft = Draft.objects.filter(project=project).first()
    if draft is None or not draft.needs_flags or not project.app_database_url_name:
        return
    found = project.app_database().read_flags(draft.needs_flags)
    readings = {
        key: {"state": state_of(found.get(key)), "at": now.isoformat()} for key in draft.needs_flags
    }
    Draft.objects.filter(pk=draft.pk).update(flag_readings=readings)
    if _states(readings) != _states(draft.flag_readings):
        live.stale(f"project:{project.slug}")


def state_of(reading: Reading | None) -> str:
    """`on`, `off`, `set` for a value that is neither, `absent` without a row."""
    if reading is None:
        return "absent"
    value = reading.value.get("enabled") if isinstance(reading.value, dict) else reading.value
    if isinstance(value, bool):
        return "on" if value else "off"
    return "set"


def _states(readings: dict[str, dict[str, str]]) -> dict[str, str]:
    return {key: each["state"] for key, each in readings.items()}
