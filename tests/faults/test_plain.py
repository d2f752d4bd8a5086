"""The journey without a fault, which the others are measured by."""

import pytest

from .journey import Journey, states

pytestmark = pytest.mark.django_db(transaction=True)


def test_promotion_and_rollback_without_a_fault(journey: Journey) -> None:
    old, new = journey.build(journey.old), journey.build(journey.new)
    promotion = journey.work(journey.promote())
    assert promotion.state == "done", states(promotion)
    assert (journey.shown(), journey.live().vercel_id, journey.hold()) == (new, new, None)
    rollback = journey.work(journey.roll_back())
    assert rollback.state == "done", states(rollback)
    assert (journey.shown(), journey.live().vercel_id) == (old, old)
    assert journey.hold() is not None
    assert journey.moves() == [f"promoted {new}", f"rolled_back {old}"]
