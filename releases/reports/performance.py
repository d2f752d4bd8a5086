"""How fast it is: Lighthouse in a browser, k6 under load."""

from .documents import parse
from .k6 import is_k6, read_k6
from .lighthouse import is_lighthouse, read_lighthouse
from .reading import Reading, Unreadable


def read(body: bytes) -> Reading:
    """Scores and times of a page, or times and errors under load. Raises Unreadable."""
    report = parse(body)
    report.object()
    if is_lighthouse(report):
        return read_lighthouse(report)
    if is_k6(report):
        return read_k6(report)
    raise Unreadable(
        "The report is neither Lighthouse's JSON (“lighthouseVersion”) nor k6's summary "
        "(“metrics”)."
    )
