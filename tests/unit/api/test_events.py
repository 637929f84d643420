"""The feed of events: who reads what, and from where."""


def test_department_reads_what_happened_to_its_cases(site):
    case_no = site.start()

    answer = site.get("/events").json

    assert [(one["type"], one["case_no"]) for one in answer["items"]] == [("申报", case_no)]


def test_another_department_reads_nothing_and_moves_on(site):
    site.start()

    answer = site.get("/events", "stranger").json

    assert answer == {"items": [], "next": "1"}


def test_auditor_reads_every_department(site):
    site.start()

    assert len(site.get("/events", "auditor").json["items"]) == 1


def test_feed_is_closed_to_everybody_else(site):
    for user in ("citizen", "operator", "designer"):
        assert site.get("/events", user).status_code == 403


def test_feed_goes_on_where_it_stopped(site):
    site.start()
    first = site.get("/events").json

    again = site.get(f"/events?after={first['next']}").json
    site.start(sender={"name": "王建国", "idNo": "370502198001011239"})
    later = site.get(f"/events?after={first['next']}").json

    assert again == {"items": [], "next": first["next"]}
    assert [one["type"] for one in later["items"]] == ["申报"]


def test_same_event_has_the_same_id_each_time(site):
    site.start()

    assert site.get("/events").json == site.get("/events").json


def test_feed_names_no_person(site):
    site.start()

    text = site.get("/events", "auditor").text

    assert "陈志远" not in text
    assert "37050219680412991X" not in text
    assert "citizen" not in text


def test_place_that_is_no_number_is_refused(site):
    assert site.get("/events?after=yesterday").status_code == 422
