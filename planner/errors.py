"""Named errors: each says what is wrong, where, and what to do about it."""


class PlannerError(Exception):
    """Base of every error that a user can mend; its text is one plain line."""


class UnreadableFile(PlannerError, OSError):
    """A file is missing, empty, binary, or cannot be opened or written."""

    # OSError keeps its message in ``strerror``; the text given here is the whole message.
    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class UnknownFormat(PlannerError, ValueError):
    """A file can be read but is not one of the formats that the planner knows."""


class EstateError(PlannerError, ValueError):
    """The sites, buildings, streets, zones or cameras cannot make an estate."""


class WorkspaceError(PlannerError, ValueError):
    """A folder is not a workspace, or already is one where a new one was asked for."""


class SettingsError(PlannerError, ValueError):
    """``planner.toml`` holds a wrong key or value."""


class ScenarioError(PlannerError, ValueError):
    """A scenario holds a wrong key or value, or asks for what the estate does not have."""


class NoIncidents(PlannerError, ValueError):
    """There is nothing to plan from: no located incident lies on the estate."""


class Infeasible(PlannerError, ValueError):
    """The demands of a scenario cannot all be met together."""


class SolverFailed(PlannerError, RuntimeError):
    """A solver ended without an answer, which no input should bring about."""


class RefusedFile(PlannerError, ValueError):
    """A file is dangerous to open: a bomb, or one that would reach for other files."""


class DownloadFailed(PlannerError, ConnectionError):
    """A service did not give what was asked of it, after trying again."""


class LiaisonError(PlannerError, ValueError):
    """A file of contacts, plans or premises can't be used, or names what the estate lacks."""


class BacktestError(PlannerError, ValueError):
    """What a backtest is asked for can't be judged from the records."""


class IntelligenceError(PlannerError, ValueError):
    """A graded entry of intelligence can't be used, or there is none of that name."""


class UnknownCategory(PlannerError, ValueError):
    """A category is asked for that the workspace does not know, or that is not shown by place."""


class UnknownMode(PlannerError, ValueError):
    """A team is to get about in a way that the planner does not know."""
