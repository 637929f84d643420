"""A naive host: load JSON, step raw SpiffWorkflow, dump JSON, in one ORM transaction."""

import json
import os
from pathlib import Path

from flask import Flask, request
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Engine, Text, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

DIAGRAM = Path(__file__).parent / "package" / "bpmn" / "three-tasks" / "three-tasks.bpmn"


class Base(DeclarativeBase):
    """Tables of the naive host."""


class Run(Base):
    """One run as one JSON text."""

    __tablename__ = "run"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(Text)


def create_app(folder: Path) -> Flask:
    """Return the application."""
    app = Flask(__name__)
    engine = _engine(folder)
    Base.metadata.create_all(engine)
    parser = BpmnParser()
    parser.add_bpmn_file(str(DIAGRAM))
    spec = parser.get_spec("three-tasks")
    serializer = BpmnWorkflowSerializer()

    @app.post("/start/<case>")
    def start(case: str) -> dict[str, str]:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        with Session(engine) as session, session.begin():
            session.add(Run(id=case, state=serializer.serialize_json(workflow)))
        return {"case": case}

    @app.post("/complete/<case>/<int:sequence>")
    def complete(case: str, sequence: int) -> dict[str, int]:
        data = request.get_json()
        with Session(engine) as session, session.begin():
            run = session.get_one(Run, case)
            workflow = serializer.deserialize_json(run.state)
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
            task.data.update(data)
            task.run()
            workflow.do_engine_steps()
            run.state = serializer.serialize_json(workflow)
        return {"sequence": sequence, "size": len(json.dumps(data))}

    return app


def _engine(folder: Path) -> Engine:
    url = os.environ.get("BENCH_DATABASE")
    if url:
        return create_engine(url)
    engine = create_engine(f"sqlite:///{folder / 'naive.db'}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def prepare(connection, _record) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine
