"""Lead times as counts in buckets: they can be added up, and a year of a million commits is small.

Pure. Each bucket reaches a quarter further than the one before. Within a bucket lengths are taken
to lie evenly, so a quantile of many is right within a few percent, of one within 12 %.
"""

from collections.abc import Mapping
from math import floor, log

RATIO = 1.25


def bucket_of(seconds: float) -> int:
    """The bucket of a length of time; what is shorter than a second is in the first."""
    return floor(log(max(seconds, 1.0)) / log(RATIO))


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """The seconds that this share of them (0.5: the median) do not exceed; None of nothing."""
    left = share * sum(counts.values())
    for bucket in sorted(counts):
        count = counts[bucket]
        if count and left <= count:
            return float(RATIO ** (bucket + (left - 0.5) / count if count > 1 else bucket + 0.5))
        left -= count
    return None
