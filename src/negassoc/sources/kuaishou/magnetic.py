"""Kuaishou's Magnetic Engine (磁力引擎): the official interface to the comments on one's own videos, and to answering them.

Reading is fetching like any other. What changes something is only described here: each method gives a `Call`, which a person reads and
`client.send(call, execute=True)` carries out. Hiding true criticism is forbidden (guard GR-03), so a comment can be hidden only for a
reason code, and only if it was judged to be no customer's complaint. Authorised by `auth.MagneticAuth`.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Protocol

import attrs

from negassoc.errors import GuardError, RefusedError
from negassoc.mention import Mention
from negassoc.platform import KUAISHOU
from negassoc.sources import fields
from negassoc.sources.flow import Call, Flow, Listing, Reply, Turn, check_http, once, pack, unpack
from negassoc.sources.kuaishou.parse import parse_comments
from negassoc.sources.page import Page, table
from negassoc.sources.redact import redacted
from negassoc.text import load_lexicons, normal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from negassoc.brand import Brand
    from negassoc.records import Json

_MOST_HIDDEN, _MOST_WORDS, _LONGEST_WORD = 50, 100, 20
_GUARD = "GR-03"
_INSTEAD = "answer it in public: regret, what is done, when there is news; report what is unlawful under the platform's rule"


class HideReason(enum.StrEnum):
    """Why a comment may be hidden at all: one's own improper words, insult, personal data, spam, a fraud link. Nothing else."""

    OWN_IMPROPER = "own_improper"
    INSULT = "insult"
    PERSONAL_DATA = "pii"
    SPAM = "spam"
    FRAUD_LINK = "fraud_link"


class Verdict(Protocol):
    """What is needed of a verdict: a `Classification` has it. `type` and `also` are the types' names."""

    @property
    def mention(self) -> Mention:
        """The comment judged."""
        ...

    @property
    def brand(self) -> Brand:
        """The brand it was judged for."""
        ...

    @property
    def type(self) -> str:
        """What it is."""
        ...

    @property
    def also(self) -> Sequence[str]:
        """What it is besides."""
        ...


@attrs.frozen
class Hiding:
    """A comment to hide, with the verdict on it and the reason code. That it exists means that guard GR-03 lets it pass.

    `GuardError` where the comment is, or may be, a customer's complaint (also one that is something else besides), where nobody has judged
    it, or where `own_improper` is said of somebody else's comment. `ValueError` for what is no comment on a Kuaishou video.
    """

    verdict: Verdict | None
    reason: HideReason = attrs.field(converter=HideReason, kw_only=True)

    @property
    def comment(self) -> Mention:
        """The comment to hide."""
        return self._judged().mention

    def _judged(self) -> Verdict:
        if self.verdict is None:
            raise _forbidden("nobody has judged the comment: what it is, is not known")
        return self.verdict

    def __attrs_post_init__(self) -> None:
        verdict = self._judged()
        said = verdict.mention
        if said.platform not in (None, KUAISHOU) or not said.kind.is_answer or said.post_id is None:
            raise ValueError(f"{said.id} is no comment on a Kuaishou video, or does not say on which (post_id)")
        if _may_be_complaint(verdict):
            raise _forbidden(f"comment {said.id} is judged {verdict.type}: true criticism is not hidden")
        if self.reason is HideReason.OWN_IMPROPER and not verdict.brand.owns(KUAISHOU, said.author):
            raise _forbidden(f"comment {said.id} is not by one of the brand's own accounts, so its reason is not own_improper")


def _may_be_complaint(verdict: Verdict) -> bool:
    return verdict.type in ("customer_complaint", "undetermined") or "customer_complaint" in verdict.also


def _forbidden(what: str) -> GuardError:
    return GuardError(what, guard=_GUARD, instead=_INSTEAD)


def check(reply: Reply) -> None:
    """A typed error for a reply whose `code` is not 0; which codes there are is not documented, so each is a refusal with its message."""
    check_http(reply)
    payload = reply.json()
    if str(payload.get("code", "0")) != "0":
        raise RefusedError(f"code {payload.get('code')}: {redacted(str(payload.get('message') or ''))}", **reply.place)


class Magnetic:
    """Comments on the videos of the advertiser `advertiser_id`. `base` is the interface's address, `page_size` how many come at a time."""

    platform = KUAISHOU

    def __init__(self, advertiser_id: int | str, *, base: str = "https://ad.e.kuaishou.com/rest/openapi", page_size: int = 20) -> None:
        self.advertiser_id, self._base, self._size = int(advertiser_id), base.rstrip("/"), page_size

    def comments(
        self, post: Mention | str | None = None, *, since: dt.datetime | None = None, until: dt.datetime | None = None,
        unanswered: bool = False,
    ) -> Listing:  # fmt: skip
        """Comments on all of one's own videos, or on one; between two times, which must be given together; or only the unanswered.

        A hidden one carries `shielded` in its `platform_flags`.
        """
        if (since is None) != (until is None):
            raise ValueError("since and until are given together or not at all")
        wanted: dict[str, Json] = {"reply_status": 1} if unanswered else {}
        if since is not None and until is not None:
            wanted |= {"post_time_start": int(since.timestamp() * 1000), "post_time_end": int(until.timestamp() * 1000)}
        if post is not None:
            wanted["photo_query_value"] = post.id if isinstance(post, Mention) else post

        def turn(cursor: str | None) -> Flow[Turn]:
            number = int(unpack(cursor).get("page", 1))
            reply = yield self._call("list", "comments", {**wanted, "page": number, "page_size": self._size})
            page = parse_comments(reply.json())
            more = number * self._size < (page.total or 0)
            return Turn(attrs.evolve(page, cursor=pack(page=number + 1) if more else None, has_more=more))

        return Listing("comments on own videos", platform=KUAISHOU, turn=turn)

    def thread(self, comment: Mention) -> Listing:
        """A comment with all its replies."""

        def page() -> Flow[Page]:
            reply = yield self._call("tree", f"thread {comment.id}", {"comment_id": _number(comment.id)})
            data = table(reply.json(), "data")
            below = data.get("child_comment_detail_list")
            found = [data.get("root_comment_detail"), *(below if isinstance(below, list) else [])]
            return parse_comments({"details": [one for one in found if one is not None]}, post_id=comment.post_id)

        return once(f"thread {comment.id}", KUAISHOU, page)

    def reply(self, comment: Mention, text: str, *, video_author_id: int | str) -> Call:
        """The request that answers a comment in public. Run the text through the guards first: `Pack.default().guards.review(text)`."""
        if not text.strip() or comment.author.id is None:
            raise ValueError("an answer needs a text, and a comment whose author's id is known")
        return self._call("reply", f"answer comment {comment.id}", {"reply_list": [{
            "reply_to_comment_id": _number(comment.id), "photo_id": _post_id(comment), "photo_author_id": _number(str(video_author_id)),
            "reply_to_user_id": _number(comment.author.id), "reply_content": text,
        }]}, writes=True)  # fmt: skip

    def pin(self, comment: Mention, *, pinned: bool = True) -> Call:
        """The request that pins a comment, or takes the pin away. Do not pin praise to push criticism out of sight (GR-03)."""
        body: dict[str, Json] = {"comment_id": _number(comment.id), "photo_id": _number(_post_id(comment))}
        return self._call("setTop" if pinned else "cancelTop", f"{'pin' if pinned else 'unpin'} comment {comment.id}", body, writes=True)

    def hide(self, *hidings: Hiding) -> Call:
        """The request that hides up to 50 comments, each for its reason code, which the purpose of the call states for the log."""
        if not 1 <= len(hidings) <= _MOST_HIDDEN:
            raise ValueError(f"between 1 and {_MOST_HIDDEN} comments at a time, not {len(hidings)}")
        found = [hiding.comment for hiding in hidings]
        shields: list[Json] = [{"comment_id": _number(one.id), "photo_id": _post_id(one)} for one in found]
        why = ", ".join(f"{hiding.comment.id} ({hiding.reason})" for hiding in hidings)
        return self._call("shield", f"hide {why}", {"shield_list": shields}, writes=True)

    def block_words(self, words: Iterable[str], *, reason: HideReason | str, seen: Sequence[Verdict]) -> Call:
        """The request that hides, from now on, every comment with one of `words` (up to 100, each of 2 to 20 characters).

        It hides what nobody has read, so GR-03 asks for more: each word must occur in a comment of `seen`, none of `seen` that it occurs in
        may be a complaint or undecided, and it must be none of the words in which customers complain. `GuardError` otherwise.
        """
        code, chosen = HideReason(reason), tuple(dict.fromkeys(words))
        if code is HideReason.OWN_IMPROPER:
            raise _forbidden("own improper words are removed one by one, not by a word")
        if not 1 <= len(chosen) <= _MOST_WORDS or not all(2 <= len(word.strip()) <= _LONGEST_WORD for word in chosen):
            raise ValueError(f"1 to {_MOST_WORDS} words of 2 to {_LONGEST_WORD} characters")
        for word in chosen:
            _check_word(word, seen)
        body: dict[str, Json] = {"shield_type": 1, "shield_content_list": list(chosen)}
        return self._call("shield_info/create", f"hide comments with {', '.join(chosen)} ({code})", body, writes=True)

    def blocked_words(self, *, page: int = 1) -> Call:
        """The request that lists the blocked words, to see what is hidden."""
        return self._call("shield_info/list", "list blocked words", {"shield_type_list": [1], "page": page, "page_size": self._size})

    def unblock(self, ids: Iterable[int]) -> Call:
        """The request that takes blocked words away, by the ids that `blocked_words` lists."""
        return self._call("shield_info/delete", "unblock words", {"shield_info_id_list": list(ids)}, writes=True)

    def _call(self, path: str, purpose: str, body: dict[str, Json], *, writes: bool = False) -> Call:
        return Call(
            "POST", f"{self._base}/v1/comment/{path}", json={"advertiser_id": self.advertiser_id, **body}, platform=KUAISHOU,
            purpose=purpose, writes=writes, check=check,
        )  # fmt: skip


def _check_word(word: str, seen: Sequence[Verdict]) -> None:
    plain = normal(word)
    hit = [verdict for verdict in seen if plain in normal(verdict.mention.text)]
    if not hit:
        raise _forbidden(f"{word!r} occurs in no judged comment: what it would hide is not known")
    if spared := [verdict for verdict in hit if _may_be_complaint(verdict)]:
        raise _forbidden(f"{word!r} would hide comment {spared[0].mention.id}, which is judged {spared[0].type}")
    if heard := next((term for term in _complaint_terms() if plain in term or term in plain), None):
        raise _forbidden(f"{word!r} is how customers complain ({heard!r}): it would hide true criticism that nobody has read")


def _complaint_terms() -> Iterable[str]:
    return (normal(term) for lexicon in load_lexicons() if lexicon.use == "complaint" for term in lexicon.terms)


def _number(own_id: str) -> int:
    """Ids of this interface are numbers."""
    if not own_id.isdigit():
        raise ValueError(f"{own_id!r} is no id of this interface; it uses numbers, which web ids (3x…) cannot be turned into")
    return int(own_id)


def _post_id(comment: Mention) -> str:
    if comment.post_id is None or fields.damaged_id(comment.post_id):
        raise ValueError(f"comment {comment.id} does not say on which video it stands, or that id is damaged")
    return comment.post_id
