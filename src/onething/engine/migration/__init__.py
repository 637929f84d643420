"""Migration: a running instance goes on in another version of its process.

`Counterparts` says which node of the new version stands for which of the old one;
`examine` finds every reason why an instance cannot move; `migrate` moves it and returns
a new state. The old state is never touched, so a refused migration leaves no trace.
"""

from onething.engine.migration.counterparts import Counterparts
from onething.engine.migration.migrate import Migration, migrate
from onething.engine.migration.remark import Remark

__all__ = ["Counterparts", "Migration", "Remark", "migrate"]
