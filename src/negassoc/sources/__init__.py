"""How do mentions arrive? In come files that people hold, payloads and replies; out go `Mention`s, and what could not be read is named.

`Export` reads files, folders, archives, workbooks, databases and DataFrames. A table that it does not know is a profile (`data/profiles.toml`, or a
TOML file of one's own); a platform's payloads are a folder here with pure `parse_*` functions; a way to open files belongs in `files` or `tables`.
"""

from negassoc.sources.coverage import Coverage
from negassoc.sources.export import Export, FileReport
from negassoc.sources.page import Page
from negassoc.sources.profiles import Profile
from negassoc.sources.rows import Skipped

__all__ = ["Coverage", "Export", "FileReport", "Page", "Profile", "Skipped"]
