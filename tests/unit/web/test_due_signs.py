"""Due dates are shown by shape, colour and text, in working days of the case's region."""

from datetime import UTC, datetime, timedelta

import pytest

from onething.calendar import parse_notice
from onething.now import FakeClock
from onething.web.due_signs import due_sign, soon_before

WEDNESDAY = datetime(2026, 9, 30, 1, 0, tzinfo=UTC)
"""Nine o'clock in Shanghai, on the day before the seven days of the National Day."""
LOCAL = """
jurisdiction = "CN-37-05"
year = 2026
notice = "东政办发〔2026〕1号"
[[holidays]]
name = "地方假日"
first = 2026-10-08
last = 2026-10-08
make_up = []
"""


@pytest.fixture
def at_work(app, host):
    """Set the clock before a long holiday, within a request of a Chinese reader."""
    host.clock = FakeClock(WEDNESDAY)
    host.calendar = host.calendar.replaced(parse_notice(LOCAL, "CN-37-05-2026"))
    with app.test_request_context():
        yield host


def end_of(month: int, day: int) -> datetime:
    """Return the first instant after a day in Shanghai."""
    return datetime(2026, month, day, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "kind", "text", "day"),
    [
        (end_of(9, 25), "late", "逾期 3 个工作日", "09-25"),
        (end_of(9, 29), "late", "逾期 1 个工作日", "09-29"),
        (WEDNESDAY, "late", "已逾期", "09-30"),
        (end_of(9, 30), "soon", "今日到期", ""),
        (WEDNESDAY + timedelta(hours=2), "soon", "今日 11:00 到期", ""),
        (end_of(10, 5), "soon", "不足 1 个工作日", "10-05"),
        (end_of(10, 8), "soon", "还剩 1 个工作日", "10-08"),
        (end_of(10, 10), "calm", "还剩 3 个工作日", "10-10"),
        (None, "none", "无期限", ""),
    ],
)
def test_a_sign_tells_working_days_and_passes_over_holidays(at_work, due_at, kind, text, day):
    sign = due_sign(at_work, due_at)

    assert (sign.kind, sign.text, sign.day) == (kind, text, day)


def test_the_holidays_of_the_cases_region_count(at_work):
    here, elsewhere = (due_sign(at_work, end_of(10, 9), code) for code in ("370502", "110101"))

    assert (here.text, elsewhere.text) == ("还剩 1 个工作日", "还剩 2 个工作日")


def test_signs_differ_by_shape_and_text_not_by_colour_alone(at_work):
    signs = [due_sign(at_work, end_of(*day)) for day in ((9, 29), (9, 30), (10, 10))]

    assert len({one.shape for one in signs}) == 3
    assert len({one.text for one in signs}) == 3


@pytest.mark.parametrize("region", [None, "370502"])
def test_the_tab_of_what_is_due_soon_goes_as_far_as_the_signs(at_work, region):
    limit = soon_before(at_work, region)

    for due_at in (end_of(10, day) for day in range(1, 12)):
        assert (due_at < limit) == (due_sign(at_work, due_at, region).kind == "soon")
