"""Whole JSON documents: finds the notes, videos and comments in them, whatever envelopes are around."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import attrs

from negassoc.sources import fields
from negassoc.sources.fields import snake, snake_keys
from negassoc.sources.kuaishou import parse as kuaishou
from negassoc.sources.rows import Skipped
from negassoc.sources.xiaohongshu import parse as xiaohongshu

if TYPE_CHECKING:
    from negassoc.sources.page import Context, Node, Outcome

_DEEPEST = 60
_PLATFORMS = (xiaohongshu, kuaishou)
_UNDEFINED = re.compile(r'("(?:[^"\\]|\\.)*")|\bundefined\b|\bNaN\b')
_STATE = re.compile(r"window\.__INITIAL_STATE__\s*=\s*")
_GONE = ("当前笔记暂时无法浏览", "该内容因违规已被删除", "该笔记已被删除", "因用户设置，你无法查看", "因违规无法查看", "私密笔记")


def units(document: object, context: Context) -> Iterator[Outcome]:
    """Every note, video and comment of a JSON document, in order, each with its JSON path as `where`."""
    yield from _descend(document, context, 0)


def _descend(value: object, context: Context, depth: int) -> Iterator[Outcome]:
    if depth > _DEEPEST:
        yield Skipped(context.where, "nested too deeply to be a platform's payload")
    elif isinstance(value, Mapping):
        yield from _object(value, context, depth)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, Mapping | list):
                yield from _descend(item, context.at(index), depth + 1)


def _object(value: Mapping[str, object], context: Context, depth: int) -> Iterator[Outcome]:
    node = {snake(str(key)): inner for key, inner in value.items()}
    if "source_platform" in node and isinstance(node.get("data"), Mapping):
        yield from _zeeschuimer(node, context, depth)
    elif _is_har_entry(node):
        yield from _har_entry(node, context, depth)
    elif platform := next((p for p in _PLATFORMS if p.is_unit(node)), None):
        whole = snake_keys(value)
        yield from platform.units(whole if isinstance(whole, Mapping) else node, context)
    elif creator := what_else(node):
        yield Skipped(context.where, creator)
    else:
        under = _under(node, context)
        for key, inner in value.items():
            if isinstance(inner, Mapping | list):
                yield from _descend(inner, _map_parent(snake(str(key)), under).at(str(key)), depth + 1)


def what_else(node: Node) -> str | None:
    """Why an object is no mention although a known tool wrote it: a creator's profile."""
    if {"fans", "follows", "interaction"} <= node.keys() or {"total_fans", "user_id"} <= node.keys():
        return "a creator's profile, no mention"
    return None


def _map_parent(key: str, context: Context) -> Context:
    """In `subCommentsMap` the key is the root comment's id."""
    return attrs.evolve(context, parent_id=key) if context.where.endswith((".subCommentsMap", ".sub_comments_map")) else context


def _under(node: Node, context: Context) -> Context:
    """What an envelope says about everything in it: the post that its comments stand under."""
    post_id = fields.identity(node.get("photo_id") or node.get("note_id") or node.get("feed_id"))
    return attrs.evolve(context, post_id=post_id) if post_id else context


def _zeeschuimer(node: Node, context: Context, depth: int) -> Iterator[Outcome]:
    here = attrs.evolve(context, fetched_at=fields.when(node.get("timestamp_collected")))
    found = list(_descend(node["data"], here.at("data"), depth + 1))
    yield from found or [Skipped(context.where, f"no note or comment in an item of {node.get('source_platform')}")]


def _is_har_entry(node: Node) -> bool:
    return isinstance(node.get("request"), Mapping) and isinstance(node.get("response"), Mapping)


def _har_entry(node: Node, context: Context, depth: int) -> Iterator[Outcome]:
    """One exchange of a HAR: the answer's JSON, with the post that the question asked about. Anything but JSON is none of ours."""
    request, response = node["request"], node["response"]
    content = response.get("content") if isinstance(response, Mapping) else None
    said = content.get("text") if isinstance(content, Mapping) else None
    if not isinstance(said, str) or said.lstrip()[:1] not in {"{", "["}:
        return
    asked = _asked(request) if isinstance(request, Mapping) else {}
    query = fields.text(asked.get("keyword"))
    here = attrs.evolve(
        _under({snake(k): v for k, v in asked.items()}, context), fetched_at=fields.when(node.get("started_date_time")),
        query=query or context.query, parent_id=fields.identity(asked.get("root_comment_id") or asked.get("rootCommentId")),
    )  # fmt: skip
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        yield Skipped(context.where, "an answer that is cut off or not JSON")
        return
    yield from _descend(answer, here.at("response"), depth + 1)


def _asked(request: Node) -> dict[str, object]:
    asked: dict[str, object] = {}
    try:
        asked |= {key: values[0] for key, values in parse_qs(urlsplit(str(request.get("url"))).query).items()}
        posted = request.get("postData")
        body = json.loads(str(posted.get("text"))) if isinstance(posted, Mapping) else {}
    except (ValueError, RecursionError):
        return asked
    if isinstance(body, Mapping):
        variables = body.get("variables")
        asked |= dict(body) | (dict(variables) if isinstance(variables, Mapping) else {})
    return asked


def page_state(html: str) -> object | None:
    """The object that a saved Xiaohongshu page carries as `window.__INITIAL_STATE__`; None where there is none.

    >>> page_state('<script>window.__INITIAL_STATE__={"a":undefined}</script>')
    {'a': None}
    """
    match = _STATE.search(html)
    if not match:
        return None
    bare = _UNDEFINED.sub(lambda found: found[1] or "null", html[match.end() :].partition("</script>")[0])
    try:
        state: object = json.JSONDecoder().raw_decode(bare)[0]
    except (ValueError, RecursionError):
        return None
    return state


def gone_because(html: str) -> str | None:
    """The platform's own words where a saved page says that the note cannot be seen; None where it says nothing of the kind."""
    return next((words for words in _GONE if words in html), None)
