"""Documents of a case as its steps issue them, without drawing."""

from dataclasses import dataclass

from onething import cases, documents
from onething.documents import Drawn, Reservation

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@dataclass(frozen=True)
class Case:
    """A case that issues documents."""

    host: object
    case_no: str

    @property
    def instance_id(self):
        with self.host.database.read() as conn:
            return cases.get(conn, self.case_no).instance_id

    @property
    def at(self):
        return self.host.clock()

    def issue(self, ident="d1", *, item="reading", to="applicant"):
        """Issue the slip; return its row."""
        host, now, instance_id = self.host, self.host.clock(), self.instance_id

        def write(conn):
            definition = host.definitions.newest(conn, "outing")
            template = documents.templates(definition.document_files)["slip"]
            on = now.astimezone(host.zone).date()
            wanted = Reservation(instance_id, ident, template, now, on, item, to, self.case_no)
            row = documents.reserve(conn, wanted)
            content = PDF + row.number.encode()
            return documents.finish(conn, row, host.store.put(content), Drawn(content, "0000"))

        return host.database.write(write)

    def decide(self, state="granted", item="reading"):
        """Let an item come to a result."""
        now, instance_id = self.host.clock(), self.instance_id
        self.host.database.write(
            lambda conn: cases.set_item(conn, instance_id, item, state, None, now)
        )
