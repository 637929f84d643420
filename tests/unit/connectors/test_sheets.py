"""Rows in files that people open: nothing runs, nothing is half there, nothing is lost."""

import csv
import os
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from onething.connectors import sheets
from onething.errors import InvalidInput

HEADER = ["key", "out.name"]
FORMATS = ["csv", "xlsx"]
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "'=1+1"]


def written(folder, rows, kind):
    file = folder / f"rows.{kind}"
    sheets.write(file, HEADER, rows)
    return file


@pytest.mark.parametrize("kind", FORMATS)
def test_what_was_written_is_read_again(tmp_path, kind):
    rows = [["a:1", "林晓彤"], ["b:2", "一,二\n三"], ["c:3", "37052119971102990X"]]

    header, found = sheets.read(written(tmp_path, rows, kind))

    assert header == HEADER
    assert [list(row.cells.values()) for row in found] == rows


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_would_run_as_a_formula_is_written_as_a_text(tmp_path, kind, text):
    file = written(tmp_path, [["a", text]], kind)

    if kind == "xlsx":
        cell = load_workbook(file).worksheets[0]["B2"]
        assert cell.data_type == "s"
        shown = cell.value
    else:
        shown = list(csv.reader(file.read_text("utf-8-sig").splitlines()))[1][1]
    assert shown.startswith("'")
    assert sheets.plain(sheets.read(file)[1][0].cells["out.name"]) == text


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_plain_undoes_neutral(text):
    assert sheets.plain(sheets.neutral(text)) == text


@pytest.mark.parametrize("text", ["5", "-5", "+5.25", "-0.1"])
def test_numbers_stay_numbers(text):
    assert sheets.neutral(text) == text


def test_a_csv_begins_with_the_mark_that_spreadsheets_look_for(tmp_path):
    assert written(tmp_path, [], "csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_csv_of_a_chinese_spreadsheet_is_read(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_bytes("key,out.name\r\na,林晓彤\r\n".encode("gb18030"))

    assert sheets.read(file)[1][0].cells["out.name"] == "林晓彤"


def test_a_formula_in_an_answer_is_told_as_a_fault(tmp_path):
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(["a", "=1+1"])
    book.save(tmp_path / "rows.xlsx")

    (row,) = sheets.read(tmp_path / "rows.xlsx")[1]

    assert "formula" in row.fault


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", b""),
        ("rows.csv", b"key,key\r\n1,2"),
        ("rows.csv", b"\xff\xff\xff"),
        ("rows.csv", b"key\r\n" + b"," * 400),
        ("rows.xlsx", b"PK no zip"),
        ("rows.xlsx", b""),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(InvalidInput):
        sheets.read(tmp_path / name)


def test_a_file_that_unfolds_beyond_every_bound_is_refused(tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "rows.xlsx", "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as sheet,
    ):
        for _megabyte in range(201):
            sheet.write(b" " * 1024 * 1024)

    with pytest.raises(InvalidInput, match="unfolds"):
        sheets.read(tmp_path / "rows.xlsx")


def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="space"):
        written(tmp_path, [["a", "b"]], "csv")
    assert list(tmp_path.iterdir()) == []
