"""`Export`: one entry for all that people already hold: files, folders, archives, workbooks, databases, DataFrames."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import attrs

from negassoc.errors import DataError, Problem
from negassoc.events import Hook, Progress
from negassoc.mention import Author, Mention
from negassoc.sources.coverage import Coverage, Posts, told_of_its_post
from negassoc.sources.files import Blob, Paths, walk
from negassoc.sources.ledger import Ledger
from negassoc.sources.profiles import Profile
from negassoc.sources.reading import records_units, units_of
from negassoc.sources.rows import Identity, Skipped, heading, opening
from negassoc.sources.units import UNKNOWN, FileNotes, RowUnit, Unit

if TYPE_CHECKING:
    from negassoc.brand import Brand

_Part: TypeAlias = tuple[str, FileNotes, Iterator[Unit]]
_EVERY = 1000
_WHOLE = 1 << 48  # more than any time in milliseconds: what has its text beats a search's newer glimpse of it


@attrs.frozen(kw_only=True)
class FileReport:
    """What one file (or member of an archive) is and gave: `rows` = `mentions` + `duplicates` + `skipped` + `problems`.

    `tool` is None for a file that is none of ours. `guessed` says what was taken for what in a table that no profile knows. `warnings`
    are oddities of rows that were kept: an id that a spreadsheet damaged, a date that is none. `coverage` says how many of the comments
    that the posts claim to have were read.
    """

    path: str
    tool: str | None
    platform: str | None
    rows: int
    mentions: int
    duplicates: int
    skipped: tuple[Skipped, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    coverage: Coverage
    guessed: Mapping[str, str]


class Export:
    """Reads mentions from `paths`: a file, a folder, a glob, or a list of those. A `Source`: iterate it as often as needed.

    Files are recognised by content. The same thing seen twice is merged: the newest that has its text wins, the searches are united.
    Comments get the title of their post as `thread_title` and how its text begins as `thread_text`, also when it stands in another file.
    With a `brand`, its own accounts are marked (`author.official`). A `profile` (a path to TOML, or a `Profile`) says which column is
    which in tables that nobody knows. After a full iteration `files`, `problems`, `skipped`, `warnings` and `coverage` tell what was
    there; nothing is dropped silently.

    Everything is read twice, so that the first mention already knows of the last: once for ids and posts (24 bytes a row, and of
    each post title, start and hashtags), once for the mentions, one at a time. `SourceError` if a path names nothing; `DataError`
    if the profile has mistakes.

    >>> export = Export.of([{"text": "退款拖了一个月", "kind": "comment"}, {"text": ""}])
    >>> [mention.text for mention in export], len(export.problems)
    (['退款拖了一个月'], 1)
    """

    def __init__(
        self, paths: Paths, *, profile: Profile | str | Path | None = None, brand: Brand | None = None, hooks: Iterable[Hook] = ()
    ) -> None:
        self._profile = Profile.load(profile) if isinstance(profile, str | Path) else profile
        kept = paths if isinstance(paths, str | Path) else tuple(paths)
        self._parts: Callable[[bool], Iterator[_Part]] = functools.partial(_file_parts, kept, self._profile)
        self._brand, self._hooks = brand, tuple(hooks)
        self._called = ", ".join(map(str, [kept] if isinstance(kept, str | Path) else kept))
        self.files: tuple[FileReport, ...] = ()
        self.coverage = Coverage(unread=True)

    @classmethod
    def of(cls, rows: object, *, profile: Profile | str | Path | None = None, brand: Brand | None = None, name: str = "rows") -> Export:
        """The same over what is already in memory: a pandas or polars DataFrame, or an iterable of dicts, JSON documents or bare strings.

        `name` stands for the file's path in what is reported.
        """
        held = (
            rows
            if hasattr(rows, "columns")
            else [rows]
            if isinstance(rows, Mapping)
            else list(rows)
            if isinstance(rows, Iterable)
            else [rows]
        )
        export = cls((), profile=profile, brand=brand)
        export._called = name
        export._parts = functools.partial(_held_parts, held, name, export._profile)
        return export

    def __repr__(self) -> str:
        if not self.files:
            return f"<Export {self._called}: not read yet>"
        read, wrong = sum(file.mentions for file in self.files), len(self.problems)
        return f"<Export {self._called}: {len(self.files)} files, {read:,} mentions, {wrong:,} problems; {self.coverage}>"

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every damaged row and unreadable file of the last full iteration."""
        return tuple(problem for file in self.files for problem in file.problems)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Everything that is no mention, with the reason."""
        return tuple(skipped for file in self.files for skipped in file.skipped)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Oddities of rows that were kept: ids that a spreadsheet damaged, dates and counts that are none."""
        return tuple(warning for file in self.files for warning in file.warnings)

    def __iter__(self) -> Iterator[Mention]:
        self.files, self.coverage = (), Coverage(unread=True)
        survey = _Survey()
        for _, _, units in self._parts(True):
            survey.enter(units)
        survey.ledger.settle()
        own = _Own(self._brand) if self._brand else None
        tallies: list[_Tally] = []
        second = _Second(survey)
        for path, notes, units in self._parts(False):
            tally = _Tally(path, notes)
            tallies.append(tally)
            for unit in units:
                mention = second.take(unit, tally)
                if self._hooks and tally.rows % _EVERY == 0:
                    self._tell(Progress(what=path, done=tally.rows))
                if mention is not None:
                    yield own.mark(mention) if own else mention
        for tally in tallies:
            survey.posts.read(tally.under)
        self.files = tuple(tally.report(survey.posts) for tally in tallies)
        self.coverage = survey.posts.coverage()

    def _tell(self, event: Progress) -> None:
        for hook in self._hooks:
            hook(event)


def _file_parts(paths: Paths, profile: Profile | None, glance: bool) -> Iterator[_Part]:
    for found in walk(paths):
        notes = FileNotes()
        if isinstance(found, Blob):
            yield found.label, notes, units_of(found, notes, profile, glance=glance)
        else:
            yield found.where, notes, iter([found])


def _held_parts(held: object, name: str, profile: Profile | None, _: bool) -> Iterator[_Part]:
    notes = FileNotes()
    yield name, notes, records_units(held, name, notes, profile)


class _Survey:
    """The first reading: what is the same as what, and which posts there are. Units are numbered through all files, as in the second."""

    def __init__(self) -> None:
        self.ledger, self.posts = Ledger(), Posts()
        self._seen: Counter[int] = Counter()
        self._number = 0

    def enter(self, units: Iterator[Unit]) -> None:
        """Enter every unit of one file that can be a mention."""
        inside: Counter[int] = Counter()
        number = self._number
        for number, unit in enumerate(units, self._number + 1):
            if type(unit) is Identity:
                self._identity(number, unit, _WHOLE)
            elif isinstance(unit, RowUnit):
                self._row(number, unit, inside)
            elif isinstance(unit, Mention):
                self._mention(number, unit, inside)
        self._number = number

    def _row(self, number: int, unit: RowUnit, inside: Counter[int]) -> None:
        found = unit.reader.identity(unit.row)
        if found is None:
            return
        if found.id is None:
            mention = unit.reader.mention(unit.row, unit.where, {}, None)
            if mention is not None:
                self._mention(number, mention, inside, found.modified)
            return
        self._identity(number, found, 0 if unit.reader.layout.partial else _WHOLE)

    def _identity(self, number: int, found: Identity, whole: int) -> None:
        own_id, is_post, platform, modified, queries, head, begun, comments = found
        self.ledger.enter(number, (platform, is_post, own_id), modified + whole, queries)
        if is_post and own_id:
            self.posts.enter(own_id, head, begun, comments)

    def _mention(self, number: int, mention: Mention, inside: Counter[int], modified: int = 0) -> None:
        post = not mention.kind.is_answer
        stamp = max(0, int(mention.fetched_at.timestamp() * 1000)) if mention.fetched_at else modified
        stamp += 0 if mention.partial else _WHOLE
        self.ledger.enter(number, content_key(mention, inside, self._seen), stamp, mention.queries)
        if post:
            self.posts.enter(mention.id, mention.title or heading(mention.text), opening(mention.text), mention.engagement.comments)


def content_key(mention: Mention, inside: Counter[int], everywhere: Counter[int]) -> tuple[object, ...]:
    """What a mention is merged by: its id; where its source gives none, what it says, who and when, and the how-many-eth such row it is.

    Rows of which nothing but the text is known are never merged: two people may say the same.
    """
    if not mention.id.startswith("c-"):
        return mention.platform, not mention.kind.is_answer, mention.id
    told = bool(
        mention.author.nickname
        or mention.author.identity
        or mention.published_raw
        or mention.published_at
        or mention.url
        or mention.post_id
    )
    place = hash((mention.id, mention.author.identity, mention.published_at, mention.url, mention.post_id))
    counter = inside if told else everywhere
    counter[place] += 1
    return place, told, counter[place]


class _Second:
    """The second reading: builds what stays."""

    def __init__(self, survey: _Survey) -> None:
        self._threads, self._united, self._dropped = survey.posts.threads, survey.ledger.united, survey.ledger.dropped
        self._number, self._known = 0, len(self._dropped)  # a file that grew between the readings has rows that nobody entered
        self._given: Counter[str] = Counter()

    def take(self, unit: Unit, tally: _Tally) -> Mention | None:
        """Count one unit; the mention, if it is one that stays."""
        self._number = number = self._number + 1
        tally.rows += 1
        if type(unit) is not RowUnit:
            return self._other(unit, tally)
        reader = unit.reader
        try:
            mention = reader.mention(unit.row, unit.where, self._threads, self._united.get(number))
        except DataError as error:
            tally.problems.append(Problem(unit.where, "; ".join(problem.what for problem in error.problems)))
            return None
        if mention is None:
            tally.problems.append(Problem(unit.where, "neither title nor text"))
            return None
        if number < self._known and self._dropped[number]:
            tally.duplicates += 1
            return None
        if unit.odd:
            tally.warnings.append(Problem(unit.where, unit.odd))
        answers = mention.kind.is_answer if reader.varies else reader.answers
        nameless = mention.id[:2] == "c-" or (answers and mention.post_id is None)
        if nameless or reader.layout.guessed or not all(reader.expected(mention)):
            tally.warnings += (Problem(unit.where, what) for what in reader.oddities(unit.row))
        if nameless:
            mention = self._numbered(mention)
        tally.count(mention, answers)
        return mention

    def _other(self, unit: Unit, tally: _Tally) -> Mention | None:
        if isinstance(unit, Mention):
            return self._keep(unit, tally)
        if isinstance(unit, Skipped):
            tally.skipped.append(unit)
        elif isinstance(unit, Problem):
            tally.problems.append(unit)
        return None

    def _keep(self, mention: Mention, tally: _Tally) -> Mention | None:
        number = self._number
        if number < self._known and self._dropped[number]:
            tally.duplicates += 1
            return None
        if (queries := self._united.get(number) or mention.queries) != mention.queries:
            mention = attrs.evolve(mention, queries=queries)
        mention = self._numbered(told_of_its_post(mention, self._threads))
        tally.count(mention, mention.kind.is_answer)
        return mention

    def _numbered(self, mention: Mention) -> Mention:
        """Ids made from the content are told apart where two rows say the same."""
        if mention.id[:2] != "c-":
            return mention
        self._given[mention.id] += 1
        times = self._given[mention.id]
        return mention if times == 1 else attrs.evolve(mention, id=f"{mention.id}-{times}")


class _Tally:
    """What one file gave so far."""

    def __init__(self, path: str, notes: FileNotes) -> None:
        self.path, self.notes = path, notes
        self.rows = self.mentions = self.duplicates = 0
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._first: dt.datetime | None = None
        self._last: dt.datetime | None = None
        self._platforms: set[str | None] = set()
        self._posts: set[int] = set()
        self.under: dict[int, int] = {}

    def count(self, mention: Mention, answers: bool) -> None:
        """One more mention that stays."""
        self.mentions += 1
        self._platforms.add(mention.platform)
        at = mention.published_at
        if at is None:
            pass
        elif self._first is None or self._last is None:
            self._first = self._last = at
        elif at < self._first:
            self._first = at
        elif at > self._last:
            self._last = at
        if answers:
            post = hash(mention.post_id)
            self.under[post] = self.under.get(post, 0) + 1
        else:
            self._posts.add(hash(mention.id))

    def report(self, posts: Posts) -> FileReport:
        """The finished account; a file in which nothing is known is one unit, skipped as a whole."""
        self._collapse()
        tools = [tool for tool, _ in self.notes.tools.most_common()]
        platforms = [name for name in self._platforms if name] or list(self.notes.platforms)
        return FileReport(
            path=self.path, tool=" + ".join(tools) or None, platform=platforms[0] if len(platforms) == 1 else None,
            rows=self.rows, mentions=self.mentions, duplicates=self.duplicates, skipped=tuple(self.skipped), problems=tuple(self.problems),
            warnings=tuple(self.warnings), first_at=self._first, last_at=self._last,
            coverage=posts.coverage_of(self._posts, self.under), guessed=dict(self.notes.guessed),
        )  # fmt: skip

    def _collapse(self) -> None:
        alien = not (self.mentions or self.duplicates or self.problems) and all(one.why.startswith(UNKNOWN) for one in self.skipped)
        if alien and len(self.skipped) > 1:
            self.skipped = [Skipped(self.path, self.skipped[0].why)]
            self.rows = 1


class _Own:
    """Marks the brand's own accounts, by what its file says."""

    def __init__(self, brand: Brand) -> None:
        accounts = brand.official_accounts
        self._brand = brand
        self._ids = {a.id for a in accounts if a.id} | {hashlib.sha256(a.id.encode()).hexdigest()[:16] for a in accounts if a.id}
        self._names = {a.nickname for a in accounts if a.nickname}

    def mark(self, mention: Mention) -> Mention:
        """The mention, with `author.official` where the author is one of the brand's own accounts."""
        author = mention.author
        if author.official or not self._might_be(author) or not self._brand.owns(mention.platform, author):
            return mention
        return attrs.evolve(mention, author=attrs.evolve(author, official=True))

    def _might_be(self, author: Author) -> bool:
        return author.id in self._ids or author.id_hash in self._ids or author.nickname in self._names
