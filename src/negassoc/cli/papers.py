"""The commands on proof and letters: `evidence add | list | verify | check | capture | timestamp`, and `draft`."""

from __future__ import annotations

import datetime as dt
import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import attrs
import typer

from negassoc.brand import Brand
from negassoc.cli.caseviews import load_case
from negassoc.cli.console import AsJson, Lang, LangChoice, OutFile, form_of, output, parse_now, platform_given, print_json, say
from negassoc.cli.mistakes import in_both
from negassoc.errors import DataError, Problem
from negassoc.records import dump_json, load_toml, unstructure
from negassoc.times import parse_time

if TYPE_CHECKING:
    from negassoc.cases.custody import EvidenceFolder, Verification
    from negassoc.cases.drafts import Draft
    from negassoc.cases.evidence import Evidence

Folder: TypeAlias = Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of evidence.")]
Who: TypeAlias = Annotated[str, typer.Option("--who", metavar="NAME", help="Who does it; it goes into the custody log.")]
At: TypeAlias = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="When: ISO 8601, without offset Beijing time; now if left out.")
]


class DraftForm(enum.StrEnum):
    """What `draft` writes."""

    MARKDOWN = "markdown"
    TEXT = "text"
    DOCX = "docx"
    JSON = "json"


_ENDINGS = {"markdown": (".md", ".markdown"), "text": (".txt",), "docx": (".docx",), "json": (".json", ".jsonl")}


def register(app: typer.Typer) -> None:
    """Add `evidence` and `draft`."""
    words = "A folder of evidence that anybody can check offline."
    group = typer.Typer(name="evidence", help=words, no_args_is_help=True, rich_markup_mode=None)
    group.command("list")(list_items)
    for command in (add, verify, check, repeats, capture, timestamp):
        group.command()(command)
    app.add_typer(group)
    app.command()(draft)


def add(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Screenshots, recordings, documents.")],
    who: Who,
    name: Annotated[str | None, typer.Option("--id", metavar="ID", help="The item's id; E1, E2, … unless given.")] = None,
    item: Annotated[
        Path | None, typer.Option("--item", metavar="ITEM.toml", help="The whole row (claims, metrics, …); the options below go before it.")
    ] = None,
    case: Annotated[str | None, typer.Option(help="The case it belongs to.")] = None,
    platform: Annotated[str | None, typer.Option(help="xiaohongshu, kuaishou or any other.")] = None,
    object_type: Annotated[str | None, typer.Option("--object", help="note, video, comment, account, search page, …")] = None,
    url: Annotated[str | None, typer.Option(help="The address of the work.")] = None,
    nickname: Annotated[str | None, typer.Option(help="The author's nickname as shown.")] = None,
    author_id: Annotated[str | None, typer.Option(help="The author's 小红书号 or 快手号.")] = None,
    ip: Annotated[str | None, typer.Option(help="The IP属地 as shown.")] = None,
    published: Annotated[str | None, typer.Option(metavar="TIME", help="When it was published.")] = None,
    text: Annotated[str | None, typer.Option(help="What it says, word for word.")] = None,
    grade: Annotated[str, typer.Option(help="E1 screenshot, E2 recording with a witness, E3 timestamp, E4 notary.")] = "E1",
    witness: Annotated[str | None, typer.Option(help="Who was present.")] = None,
    device: Annotated[str | None, typer.Option(help="Device, app version and network.")] = None,
    certificate: Annotated[str | None, typer.Option(help="Number of the certificate or notary's deed.")] = None,
    absent: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="What the screen did not show, like author.id; may be repeated.")
    ] = None,
    why: Annotated[str | None, typer.Option(help="A remark for the custody log.")] = None,
    at: At = None,
) -> None:
    """Put files under custody: copy them into the folder, hash them, and write the row of the register.

    Example: negassoc evidence add evidence/ shot.png --who 王敏 --url https://www.xiaohongshu.com/explore/66aa --nickname 猫 --ip 浙江
    """
    from negassoc.cases.custody import EvidenceFolder
    from negassoc.cases.evidence import Evidence, EvidenceGrade

    if grade not in set(EvidenceGrade):
        raise typer.BadParameter(f"{grade!r} is no grade of evidence; one of {', '.join(EvidenceGrade)}")
    place, moment = EvidenceFolder(folder), parse_now(at) or dt.datetime.now(dt.UTC)
    number = name or _next_id(place.register())
    base = load_toml(item, Evidence) if item else Evidence(id=number, captured_at=moment, capturer=who, grade=EvidenceGrade(grade))
    shown = attrs.evolve(
        base.author, nickname=nickname or base.author.nickname, id=author_id or base.author.id, ip_location=ip or base.author.ip_location
    )
    row = attrs.evolve(
        base, id=name or base.id, case=case or base.case, platform=platform or base.platform, object_type=object_type or base.object_type,
        url=url or base.url, published_at=_shown(published) or base.published_at, transcription=text or base.transcription,
        witness=witness or base.witness, device=device or base.device, certificate=certificate or base.certificate, author=shown,
        absent=tuple(absent or base.absent),
    )  # fmt: skip
    before = place.register()
    kept = place.add(row, *files, who=who, at=moment, why=why)
    if twin := next((one for one in before if kept.sha256 and one.sha256 == kept.sha256), None):
        say(in_both(f"{kept.id}: the same file is registered already as {twin.id}"))
    print(f"{kept.id} {kept.file} {kept.sha256}")
    if lacking := kept.missing():
        say(in_both(f"still missing for a report (fill in, or say --absent): {', '.join(lacking)}"))
    advice = kept.grade.advice
    say(f"{advice.id} {advice.title.zh}：{advice.when.zh}。校验值只证明文件从现在起没有被改动过，不证明此前是真的。")


def _shown(published: str | None) -> dt.datetime | None:
    """The time of publication as it was shown; what shows a day alone, as platforms do of older posts, shows no time."""
    if published and ":" not in published and parse_time(published):
        remedy = "if the screen shows no more, say --absent published_at and write the day into --why"
        raise typer.BadParameter(f"--published {published!r}: a day alone is no time; {remedy}")
    return parse_now(published)


def list_items(folder: Folder, as_json: AsJson = False) -> None:
    """List the register, a row an item, as a table for Excel (CSV) or as JSON.

    Example: negassoc evidence list evidence/ --json
    """
    from negassoc.cases.custody import EvidenceFolder
    from negassoc.report.tables import to_csv

    _must_be(folder)
    rows = EvidenceFolder(folder).register()
    if as_json:
        for item in rows:
            print_json(item.to_record())
    elif rows:
        print(to_csv(list(rows[0].to_row()), (item.to_row() for item in rows)), end="")
    else:
        say(in_both(f"{folder}: nothing is registered here"))


def _must_be(folder: Path) -> None:
    if not folder.is_dir():
        raise DataError([Problem(str(folder), "no such folder")])


def verify(
    folder: Folder,
    root: Annotated[
        list[Path] | None, typer.Option("--root", metavar="CA.pem", help="Check timestamps (.tsr) too, trusting this; may be repeated.")
    ] = None,
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """Check a folder offline: files missing, changed or extra, and whether the custody log was touched.

    Example: negassoc evidence verify evidence/

    Exit code 1 if anything is wrong.
    """
    from negassoc.cases.custody import EvidenceFolder
    from negassoc.cases.evidence import evidence_texts

    _must_be(folder)
    found = EvidenceFolder(folder).verify()
    stamps = _stamps(folder, root or [])
    if as_json:
        print_json({**found.to_record(), "timestamps": dict(stamps)})
    else:
        _tell(found, lang.value)
        for name, at in stamps.items():
            print(f"{name}：{at or ('时间戳无效' if lang is Lang.ZH else 'timestamp not valid')}")
        print("\n" + evidence_texts().proof.of(lang.value).strip())
    raise typer.Exit(0 if found.ok and None not in stamps.values() else 1)


def check(
    folder: Folder,
    pack: Annotated[Path, typer.Option("--pack", metavar="PACK.toml", help="What is to be handed in.")],
    lang: LangChoice = Lang.ZH,
    as_json: AsJson = False,
) -> None:
    """Check a report for the six materials before it is filed. Exit code 1 if one is missing.

    Example: negassoc evidence check evidence/ --pack report.toml
    """
    from negassoc.cases.custody import EvidenceFolder
    from negassoc.cases.filing import ReportPack, check_report

    gaps = check_report(ReportPack.load(pack), EvidenceFolder(folder).register())
    for gap in gaps:
        if as_json:
            print_json({"material": gap.material, "level": gap.level, "what": unstructure(gap.what), "get": unstructure(gap.get)})
        else:
            print(str(gap) if lang is Lang.ZH else f"{gap.level}: {gap.what.en} -> {gap.get.en}")
    if not gaps and not as_json:
        print("六项材料齐全，可以提交法务签字" if lang is Lang.ZH else "all six materials are there; have legal sign off")
    raise typer.Exit(1 if any(gap.level == "missing" for gap in gaps) else 0)


def repeats(folder: Folder, lang: LangChoice = Lang.ZH, as_json: AsJson = False) -> None:
    """List authors with two items or more: a list to look into, never a verdict on a person.

    Example: negassoc evidence repeats evidence/
    """
    from negassoc.cases.custody import EvidenceFolder
    from negassoc.cases.evidence import repeated_authors

    zh = lang is Lang.ZH
    for found in repeated_authors(EvidenceFolder(folder).register()):
        if as_json:
            print(dump_json(found))
            continue
        notes = [f"{len(found.items)} 条" if zh else f"{len(found.items)} items", "、".join(found.items)]
        notes += [f"查明不实 {found.false_claims} 处" if zh else f"{found.false_claims} claims proved false"]
        if not found.certain:
            notes.append("只按昵称归并，可能不是同一人" if zh else "by nickname only, may be several people")
        if found.caution:
            notes.append("含属实或未核实的内容，先按投诉处理" if zh else "some claims are true or unchecked: complaints first")
        print(f"{found.author}：{' · '.join(notes)}")


def capture(
    folder: Folder,
    url: Annotated[str, typer.Argument(metavar="URL", help="The one page to capture; only what anybody can see without logging in.")],
    who: Who,
    name: Annotated[str | None, typer.Option("--id", metavar="ID", help="The item's id; E1, E2, … unless given.")] = None,
    browser: Annotated[str | None, typer.Option(metavar="PATH", help="A Chromium; found by itself unless given.")] = None,
) -> None:
    """Capture one page (picture, source, archive, print) and put it under custody. Needs the extra `evidence` and Chromium.

    Example: negassoc evidence capture evidence/ https://example.com/post/1 --who 王敏
    """
    import tempfile

    from negassoc.cases.custody import EvidenceFolder
    from negassoc.cases.evidence import Evidence
    from negassoc.cases.webpage import capture as take

    place = EvidenceFolder(folder)
    number = name or _next_id(place.register())
    with tempfile.TemporaryDirectory() as drafts:
        page = take(url, drafts, name=number, browser=browser)
        item = Evidence(
            id=number, captured_at=page.captured_at, capturer=who, object_type="web page", url=page.final_url, device=page.browser
        )  # fmt: skip
        kept = place.add(item, *page.files, who=who, at=page.captured_at, why=f"HTTP {page.status}, {page.title}")
    print(f"{kept.id} {kept.file} {kept.sha256} {page.final_url}")


def timestamp(
    folder: Folder,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file in the folder.")],
    authority: Annotated[str, typer.Option("--authority", metavar="URL", help="A timestamp authority (RFC 3161). It gets the hash only.")],
    who: Who,
) -> None:
    """Get a trusted timestamp for a file and put it under custody beside it. Needs the extra `evidence`.

    Example: negassoc evidence timestamp evidence/ E1_shot.png --authority https://tsa.example/tsr --who 王敏
    """
    import tempfile

    from negassoc.cases.custody import EvidenceFolder
    from negassoc.cases.rfc3161 import authority as authority_at
    from negassoc.cases.rfc3161 import timestamp as stamp

    path = folder / file
    if not path.is_file():
        raise DataError([Problem(str(path), "no such file in the folder of evidence")])
    answer = stamp(path.read_bytes(), authority_at(authority))
    with tempfile.TemporaryDirectory() as drafts:
        made = Path(drafts) / f"{path.name}.tsr"
        made.write_bytes(answer)
        name = EvidenceFolder(folder).attach(made, who=who, why=f"timestamp by {authority}")
    _certify(EvidenceFolder(folder), file, name, who)
    print(name)


def _certify(place: EvidenceFolder, file: str, certificate: str, who: str) -> None:
    """Name the timestamp in the row of its file; a witnessed recording (E2) is E3 from now on."""
    from negassoc.cases.evidence import EvidenceGrade

    item = next((item for item in place.register() if item.file == file), None)
    if item:
        grade = EvidenceGrade.E3 if item.grade is EvidenceGrade.E2 else item.grade
        place.note("timestamped", who=who, evidence=attrs.evolve(item, grade=grade, certificate=certificate))


def draft(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="appeal (申诉书), rectification (整改说明), infringement_notice (侵权通知书), public_reply (公开回复), "
            "holding (暂行声明), non_relation (无关联声明), feedback_invitation (中性反馈邀请) or lawyer_brief (律师沟通材料).",
        ),
    ],
    brand: Annotated[Path, typer.Option("--brand", metavar="BRAND.toml", help="Whose words they are.")],
    platform: Annotated[str | None, typer.Option(help="xiaohongshu, kuaishou or any other.")] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help="Fill in from this case.")] = None,
    store: Annotated[str, typer.Option("--store", metavar="FILE|URL", help="Where cases are kept.")] = "negassoc.db",
    evidence: Annotated[Path | None, typer.Option("--evidence", metavar="FOLDER", help="Fill in from this folder of evidence.")] = None,
    fill: Annotated[list[str] | None, typer.Option("--fill", metavar="FIELD=TEXT", help="Fill in a field; may be repeated.")] = None,
    fields: Annotated[Path | None, typer.Option("--fields", metavar="FIELDS.toml", help="Fill in fields from a file.")] = None,
    person: Annotated[list[str] | None, typer.Option("--mask", metavar="NAME", help="A private person to mask; may be repeated.")] = None,
    pack: Annotated[Path | None, typer.Option("--pack", metavar="DIR", help="A pack with skeletons of your own in drafts/.")] = None,
    contact_name: Annotated[str | None, typer.Option(help="Our contact's name.")] = None,
    contact: Annotated[str | None, typer.Option(help="Our contact's phone or mail.")] = None,
    at: At = None,
    form: Annotated[DraftForm | None, typer.Option("--format", help="Told by FILE's ending unless given; otherwise markdown.")] = None,
    lang: LangChoice = Lang.ZH,
    out: OutFile = None,
) -> None:
    """Draft a letter or reply from what is known; gaps are marked 【待填：…】, other people's data masked, forbidden wording refused.

    Example: negassoc draft public_reply --brand brand.toml --platform xiaohongshu --fill when=11月3日18:00
    """
    from negassoc.cases.custody import EvidenceFolder
    from negassoc.cases.drafts import DraftInput, load_skeletons, skeletons
    from negassoc.cases.drafts import draft as make

    chosen = DraftForm(form_of(form, out, _ENDINGS))
    given = DraftInput(
        brand=Brand.load(brand), platform=platform_given(platform), case=load_case(store, case) if case else None,
        evidence=EvidenceFolder(evidence).register() if evidence else (), fill=_fill(fill or [], fields), people=tuple(person or ()),
        contact_name=contact_name, contact=contact, at=parse_now(at),
    )  # fmt: skip
    made = make(kind, given, known={**skeletons(), **load_skeletons(pack)} if pack else None)
    _write(made, chosen, out)
    _say_notes(made, lang.value)


def _write(made: Draft, form: DraftForm, out: Path | None) -> None:
    if form is DraftForm.DOCX:
        if out is None:
            raise typer.BadParameter("a Word document needs -o FILE.docx")
        made.docx(out)
        return
    with output(out) as to:
        if form is DraftForm.JSON:
            print_json(made.to_record(), to)
        else:
            print(made.text if form is DraftForm.MARKDOWN else made.plain(), end="", file=to)


def _say_notes(made: Draft, lang: str) -> None:
    zh = lang == "zh"
    for note in made.before_use:
        say(f"{'发出前' if zh else 'before use'}：{note.of(lang)}")
    if made.gaps:
        told = (f"{name}（{asked}）" for name, asked in zip(made.gaps, made.asked, strict=True)) if zh else made.gaps
        say(f"{'还有待填' if zh else 'still to fill'}（--fill）：{', '.join(told)}")
    if made.masked:
        say(f"{'已脱敏，请再通读一遍' if zh else 'masked, read it once more'}：{', '.join(made.masked)}")


def _fill(pairs: list[str], path: Path | None) -> dict[str, str]:
    found = dict(load_toml(path, dict[str, str])) if path else {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"--fill {pair!r}: write it like when=11月3日18:00")
        found[name.strip()] = text
    return found


def _stamps(folder: Path, roots: list[Path]) -> dict[str, str | None]:
    """When each timestamped file existed, by the roots trusted; None where its timestamp proves nothing."""
    from negassoc.cases.rfc3161 import timestamped_at

    found = dict[str, str | None]()
    for path in sorted(folder.glob("*.tsr")) if roots else ():
        try:
            at = timestamped_at(path.with_suffix("").read_bytes(), path.read_bytes(), [root.read_bytes() for root in roots])
            found[path.name] = at.isoformat()
        except DataError:
            found[path.name] = None
    return found


def _next_id(register: tuple[Evidence, ...]) -> str:
    taken, number = {item.id for item in register}, 1
    while f"E{number}" in taken:
        number += 1
    return f"E{number}"


def _tell(found: Verification, lang: str) -> None:
    zh = lang == "zh"
    words = {"missing": "缺失", "changed": "被改动", "extra": "未登记", "broken": "记录异常"} if zh else {}
    for kind in ("missing", "changed", "extra", "broken"):
        for name in getattr(found, kind):
            print(f"{words.get(kind, kind)}：{name}")
    if found.ok:
        print(f"{found.files} 个文件与登记时一致，保管记录完整" if zh else f"{found.files} files as registered, custody log intact")
    print(f"{'保管记录末尾校验值' if zh else 'head of the custody log'}：{found.head}")
