"""Words of the releases' pages that depend on who reads them."""

from django import template

from agentmesh_release.core.access import Visitor
from agentmesh_release.core.gates import Item

from ..overview.waiting import way_for

register = template.Library()


@register.filter
def spaced(name: str) -> str:
    """The name of a step as words: `roll_back` is "roll back"."""
    return name.replace("_", " ")


@register.filter
def way(item: Item, visitor: Visitor) -> str:
    """`{{ item|way:request.user }}`: how it is unblocked: "You or Cleo may approve."."""
    return way_for(visitor, item)
