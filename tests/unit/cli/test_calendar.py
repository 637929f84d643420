import json

import pytest

NEXT = """
jurisdiction = "CN"
year = 2027
notice = "试〔2026〕1号"
[[holidays]]
name = "元旦"
first = 2027-01-01
last = 2027-01-03
make_up = [2027-01-09]
"""


@pytest.fixture
def notice(tmp_path):
    """A file with the notice of 2027."""
    file = tmp_path / "CN-2027.toml"
    file.write_text(NEXT, encoding="utf-8")
    return file


def last_line(said):
    return said.rstrip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("2026-02-13", "WD1"), "2026-02-14"),
        (("2026-02-13", "WD(5)"), "2026-02-27"),
        (("2025-09-01", "ND30"), "2025-10-09"),
        (("2026-03-02", "WD10", "--pause", "2026-03-06..2026-03-16"), "2026-03-25"),
        (("2026-12-30", "WD5"), "2027-01-06 provisional"),
    ],
)
def test_the_last_line_is_the_due_date(run, words, expected):
    code, out, _ = run("due", *words)

    assert (code, last_line(out)) == (0, expected)


def test_every_day_is_explained_before_the_due_date(run):
    code, out, _ = run("due", "2026-02-13", "WD5", "--explain")

    lines = out.splitlines()
    assert code == 0
    assert "make-up 春节" in lines[0]
    assert "holiday 春节" in lines[1]
    assert lines[-1] == "2026-02-27"


def test_a_due_date_is_told_to_programs(run):
    code, out, _ = run("due", "2026-02-13", "WD1", "--explain", "--json")

    told = json.loads(out)
    assert code == 0
    assert (told["due"], told["provisional"]) == ("2026-02-14", False)
    assert [day["number"] for day in told["days"]] == [1]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("2026-02-30", "WD1"), "no day like"),
        (("1026-02-03", "WD1"), "years 1990"),
        (("2026-02-13", "WD-1"), "no limit like"),
        (("2026-02-13", "ND99999"), "at most 10 years"),
        (("2026-02-13", "XX3"), "no limit like"),
        (("2026-02-13", "WD3", "--pause", "2026-02-20"), "no pause like"),
        (("2026-02-13", "WD3", "--pause", "2026-02-20..2026-02-19"), "ends before it begins"),
        (
            (
                "2026-02-13",
                "WD3",
                "--pause",
                "2026-02-14..2026-02-20",
                "--pause",
                "2026-02-20..2026-02-24",
            ),
            "overlap",
        ),
        (("2026-02-13", "WD3", "--jurisdiction", "FR"), "no calendar"),
    ],
)
def test_what_gives_no_due_date_is_refused_with_the_reason(run, words, complaint):
    code, out, err = run("due", *words)

    assert (code, out) == (64, "")
    assert complaint in err


def test_a_year_is_shown_with_its_notice_and_number_of_working_days(run):
    code, out, _ = run("calendar", "show", "2026")

    assert code == 0
    assert out.startswith("2026: 国办发明电〔2025〕7号")
    assert last_line(out) == "248 working days"
    assert run("calendar", "show", "2027")[1].startswith("2027: no notice yet")


def test_an_imported_notice_counts_from_the_next_command_on(run, notice):
    assert last_line(run("due", "2026-12-31", "WD5")[1]) == "2027-01-07 provisional"

    code, out, _ = run("calendar", "import", str(notice))

    assert code == 0
    assert out == "CN 2027 (试〔2026〕1号): 3 days of rest, 1 make-up days\n"
    assert last_line(run("due", "2026-12-31", "WD5")[1]) == "2027-01-08"
    assert run("calendar", "import", str(notice))[0] == 0


def test_a_corrected_notice_replaces_the_one_of_the_same_year(run, notice):
    run("calendar", "import", str(notice))
    notice.write_text(NEXT.replace("last = 2027-01-03", "last = 2027-01-04"), encoding="utf-8")

    run("calendar", "import", str(notice))

    assert last_line(run("due", "2026-12-31", "WD1")[1]) == "2027-01-05"


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (("[2027-01-09]", "[2027-01-06]"), "is a weekday"),
        (("[2027-01-09]", "[2027-01-09, 2027-01-09]"), "stands twice"),
        (("[2027-01-09]", "[2027-01-03]"), "is a holiday and a make-up day"),
        (("first = 2027-01-01", "first = 2026-12-31"), "is no day of 2027"),
        (("last = 2027-01-03", "last = 2027-11-03"), "longer than"),
        (("notice = ", "title = "), "neither its number nor a source"),
        (('"CN"', '"china"'), "no jurisdiction"),
        (("[[holidays]]", "[[feasts]]"), "unknown entry"),
        (("year = 2027", "year = "), "is no holiday notice"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_and_changes_nothing(
    run, notice, wrong, complaint
):
    notice.write_text(NEXT.replace(*wrong), encoding="utf-8")

    code, _, err = run("calendar", "import", str(notice))

    assert code == 1
    assert complaint in err
    assert last_line(run("due", "2026-12-31", "WD5")[1]) == "2027-01-07 provisional"
    assert run("calendar", "check", str(notice))[0] == 2


def test_bytes_that_are_no_text_are_refused(run, notice):
    notice.write_bytes(b"\xff\xfe\x00")

    assert run("calendar", "check", str(notice))[0] == 2


def test_an_office_may_serve_on_a_day_on_which_no_period_counts(run, notice):
    notice.write_text(
        NEXT + '[[service]]\noffice = "marriage"\nopen = [2027-01-01]\nclosed = [2027-01-05]\n',
        encoding="utf-8",
    )

    assert run("calendar", "import", str(notice))[0] == 0
    assert last_line(run("due", "2026-12-31", "WD1")[1]) == "2027-01-04"
