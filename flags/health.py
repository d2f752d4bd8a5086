"""Each target as a part of the house's health (`doctor`)."""

from agentmesh_release.core.health import Part, part_sources
from agentmesh_release.providers.errors import ProviderError

from . import reach
from .agreement import agrees
from .catalogue import ORDER
from .models import Target


def target_parts() -> list[Part]:
    """Ask every target now."""
    return [_part(target) for target in Target.objects.all()]


def _part(target: Target) -> Part:
    try:
        readings = reach.app_database(target.url_name).read_flags(ORDER)
    except ProviderError as error:
        mend = f"Start the app's database, or mend {target.url_name}."
        return Part(str(target), "failed", str(error), mend)
    values = {key: reading.value for key, reading in readings.items()}
    apart = [
        str(each.switch)
        for each in target.confirmations.select_related("switch")
        if not agrees(each.switch.wanted, values.get(each.switch.key))
    ]
    if not apart:
        return Part(str(target), "passed", "It answers, and says what is wanted of each switch.")
    sentence = f"It answers, but says otherwise of: {', '.join(apart)}."
    return Part(str(target), "failed", sentence, "Flip the switch again on the switches page.")


part_sources.register("switch targets", target_parts)
