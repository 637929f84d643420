"""A document's QR code, followed from the paper to the page that checks it."""

from urllib.parse import urlencode

from onething import cases, documents
from unit.documents.qr import code_of, modules


def test_who_scans_a_document_of_the_case_is_told_that_it_is_real(app, host, case_no):
    with host.database.read() as conn:
        row = documents.of_case(conn, cases.get(conn, case_no).instance_id)[0]
    query = urlencode({"number": row.number, "code": row.check_code})
    address = f"{host.settings.verify_url}?{query}"

    page = app.test_client().get(address)

    assert modules(host.store.get(row.sha256)) == code_of(address)
    assert page.status_code == 200
    assert row.sha256 in page.text
