from .component import Component
from .entry import Entry
from .incident import Incident
from .slo import Slo
from .slo_reading import SloReading

__all__ = ["Component", "Entry", "Incident", "Slo", "SloReading"]
