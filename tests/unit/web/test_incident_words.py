"""The words for what stopped: every cause that the product itself can name has some."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import onething.engine
from onething import runtime
from onething.errors import AnswerInvalid, CertificateInvalid, InvalidInput, OutcomeUnknown
from onething.web.incident_words import KNOWN, cause_text, delivery_text, remedy
from onething.web.shown import duration_text, limit_text, since_text

ENGINE = Path(onething.engine.__file__).parent
STEP_FAILED = re.compile(r'StepFailed\(\s*"([a-z-]+)"|raise_incident\(token, "([a-z-]+)"')


def test_every_way_in_which_a_step_stops_is_told_in_words():
    sources = [file.read_text("utf-8") for file in ENGINE.rglob("*.py")]

    codes = {one or other for text in sources for one, other in STEP_FAILED.findall(text)}

    assert len(codes) > 5
    assert codes <= KNOWN


def test_every_way_in_which_a_call_stops_is_told_in_words():
    raised = {one.code for one in (AnswerInvalid, CertificateInvalid, InvalidInput, OutcomeUnknown)}

    assert raised | {"NO_RECORD", "CONFLICT", "REVOKED", "UNAVAILABLE", "job-failed"} <= KNOWN


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cause_that_a_model_made_up_keeps_its_code(app, language):
    with app.test_request_context(headers={"Accept-Language": language}):
        assert cause_text("not-eligible") == "not-eligible"
        assert remedy("not-eligible")
        assert cause_text("NO_RECORD") != "NO_RECORD"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("answered 503", "对方答复 503"),
        ("answered 500; not received for 24 hours", "对方答复 500，已连续 24 小时没有送达"),
        ("answered 403 5 times", "对方答复 403，已拒收 5 次"),
        ("answered 410", "对方答复 410：不再接收"),
        ("ConnectError: refused", "连接不上接收系统：refused"),
        (
            "ConnectError: refused; not received for 24 hours",
            "连接不上接收系统（refused），已连续 24 小时没有送达",
        ),
        ("ConnectError: the host has no address", "连接不上接收系统：查不到主机地址"),
        ("ReadTimeout: The read operation timed out", "接收系统没有按时答复"),
        (
            "RemoteProtocolError: Server disconnected; not received for 24 hours",
            "与接收系统的连接中断，已连续 24 小时没有送达",
        ),
        (runtime.UNSIGNED, "签名密钥无法打开，事件无法签名。请更换密钥，再恢复推送"),
        ("换系统", "换系统"),
        (None, ""),
    ],
)
def test_why_a_webhook_was_not_received_is_told_in_words(app, reason, told):
    with app.test_request_context():
        assert delivery_text(reason) == told


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (timedelta(seconds=-5), "刚刚"),
        (timedelta(seconds=30), "30 秒后"),
        (timedelta(minutes=-59), "59 分钟前"),
        (timedelta(hours=-47), "47 小时前"),
        (timedelta(hours=3), "3 小时后"),
        (timedelta(days=-2), "2 天前"),
        (timedelta(days=40), "40 天后"),
    ],
)
def test_how_far_away_an_instant_is(app, host, clock, ahead, told):
    with app.test_request_context():
        assert since_text(host, host.clock() + ahead) == told
        assert since_text(host, None) == ""


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (timedelta(minutes=119), "119 分钟"),
        (timedelta(hours=47), "47 小时"),
        (timedelta(days=507, hours=3), "507 天"),
    ],
)
def test_a_length_of_time_is_told_in_the_unit_that_fits_it(app, time, told):
    with app.test_request_context():
        assert duration_text(time) == told


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("P30D", "30 日"),
        ("P6M", "6 个月"),
        ("PT4H", "4 小时"),
        ("PT30M", "30 分钟"),
        ("P1D", "1 日"),
        ("WD(5)", "5 个工作日"),
        ("P3H", "P3H"),
    ],
)
def test_a_limit_is_told_in_words(app, limit, told):
    with app.test_request_context():
        assert limit_text(limit) == told
