"""What can go wrong with one request: in passing, or for good."""

from planner.errors import DownloadFailed


class TryAgain(Exception):
    """An attempt failed in a way that may pass; ``wait_s`` is how long the server asks to wait."""

    def __init__(self, reason: str, wait_s: float | None = None):
        super().__init__(reason)
        self.wait_s = wait_s


class Declined(DownloadFailed):
    """The server understood and said no; ``status`` is its HTTP status."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status
