from __future__ import annotations

import datetime as dt
import json
import subprocess

import attrs
import pytest

from negassoc.cases.custody import EvidenceFolder
from negassoc.cases.evidence import CapturedAuthor, Claim, Evidence, EvidenceGrade, advise_grade, evidence_texts, repeated_authors
from negassoc.classify import Grade
from negassoc.errors import DataError
from negassoc.mention import Count, Engagement

AT = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)


def item(name: str = "E1", **more: object) -> Evidence:
    values: dict[str, object] = {
        "platform": "xhs", "object_type": "note", "url": "https://www.xiaohongshu.com/explore/66aa", "captured_at": AT, "capturer": "王敏",
        "author": CapturedAuthor(nickname="爱喝茶的猫", id="9527001", ip_location="浙江"), "published_at": AT - dt.timedelta(days=1),
        "transcription": "这家店卖假货", "claims": (Claim(id="c1", text="卖假货", kind="fact"),),
        "metrics": Engagement(likes=Count(30), views=Count(17000, "about")),
    }  # fmt: skip
    return Evidence(**{"id": name, **values, **more})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "shot.png").write_bytes(b"picture")
    made = EvidenceFolder(tmp_path / "evidence")
    made.add(item(), tmp_path / "in" / "shot.png", who="王敏", at=AT, why="发现当天")
    made.note("handed over", who="王敏", at=AT, why="交法务李律师")
    return made


def test_an_item_is_hashed_registered_and_verified(folder):
    (entry,) = folder.register()
    assert (entry.file, len(entry.sha256 or "")) == ("E1_shot.png", 64)
    assert folder.verify().ok
    assert [line.what for line in folder.log()] == ["registered", "handed over"]
    assert json.loads((folder.path / "register.json").read_text("utf-8"))[0]["author"]["ip_location"] == "浙江"


def test_anybody_can_check_the_sums_without_this_library(folder):
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder.path, capture_output=True, check=False).returncode == 0


def test_missing_changed_and_extra_are_told_apart(folder):
    (folder.path / "stray.txt").write_text("?")
    (folder.path / "E1_shot.png").write_bytes(b"picturE")
    found = folder.verify()
    assert (found.ok, found.changed, found.extra, found.missing) == (False, ("E1_shot.png",), ("stray.txt",), ())
    (folder.path / "E1_shot.png").unlink()
    assert folder.verify().missing == ("E1_shot.png",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [("王敏", "李雷", "was changed after"), ('"handed over"', '"shredded"', "was changed after"), ('handed over"', "", "not a whole line")],
)
def test_a_rewritten_log_is_noticed(folder, old, new, says):
    log = folder.path / "custody.jsonl"
    log.write_text(log.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert any(says in line for line in folder.verify().broken)


def test_a_line_taken_out_of_the_log_is_noticed(folder):
    log = folder.path / "custody.jsonl"
    log.write_text("".join(log.read_text("utf-8").splitlines(keepends=True)[1:]), "utf-8")
    assert any("does not follow" in line for line in folder.verify().broken)


def test_a_list_that_was_touched_is_noticed_and_drawn_again(folder):
    (folder.path / "SHA256SUMS").write_text("0000  E1_shot.png\n")
    assert any(line.startswith("SHA256SUMS") for line in folder.verify().broken)
    folder.refresh()
    assert folder.verify().ok


def test_killed_between_copy_and_log_leaves_only_an_extra_file(folder, tmp_path):
    (tmp_path / "two.mp4").write_bytes(b"film")
    (folder.path / "E2_two.mp4").write_bytes(b"film")
    assert folder.verify().extra == ("E2_two.mp4",)
    folder.add(item("E2"), tmp_path / "two.mp4", who="王敏", at=AT)
    assert folder.verify().ok


def test_ids_and_names_are_not_taken_twice(folder, tmp_path):
    with pytest.raises(DataError, match="registered already"):
        folder.add(item(), who="王敏")
    (tmp_path / "E1_shot.png").write_bytes(b"other")
    with pytest.raises(DataError, match="different file of this name"):
        folder.attach(tmp_path / "E1_shot.png", who="王敏")
    with pytest.raises(DataError, match="cannot be copied"):
        folder.add(item("E9"), tmp_path / "none.png", who="王敏")
    with pytest.raises(DataError, match="names a person"):
        folder.note("copied", who=" ")


def test_a_row_is_renewed_and_its_history_kept(folder):
    (old,) = folder.register()
    folder.note("refuted", who="质检", at=AT, evidence=attrs.evolve(old, claims=(attrs.evolve(old.claims[0], status="false"),)))
    assert folder.register()[0].claims[0].status == "false"
    assert folder.log()[0].evidence == old
    assert folder.verify().ok


def test_an_empty_folder_has_nothing_to_complain_of(tmp_path):
    assert EvidenceFolder(tmp_path / "none").verify().ok
    assert EvidenceFolder(tmp_path / "none").register() == ()


def test_what_the_screen_did_not_show_is_said(folder):
    bare = Evidence(id="x", captured_at=AT, capturer="王敏", absent=("author.ip_location",))
    assert "author.ip_location" not in bare.missing()
    assert {"url", "sha256", "claims"} <= set(bare.missing())
    assert "witness" in item(grade=EvidenceGrade.E2).missing()
    assert "certificate" in item(grade=EvidenceGrade.E3).missing()
    assert set(item(file="a", sha256="b", device="手机").missing()) == set()


def test_a_row_is_flat_and_in_beijing_time():
    row = item(claims=(Claim(id="c1", text="卖假货", kind="fact", status="false", refuting=("E7",)),)).to_row()
    assert row["captured_at"] == "2026-11-02T09:00:00+08:00"
    assert row["claims"] == "c1 [fact/false] 卖假货"
    assert row["metrics"] == "views=≈17000 likes=30"
    assert row["device"] is None


@pytest.mark.parametrize(
    ("grade", "circumstances", "expected"),
    [
        (Grade.P3, {}, "E1"),
        (Grade.P2, {}, "E2"),
        (Grade.P1, {}, "E3"),
        (Grade.P3, {"may_vanish": True}, "E3"),
        (Grade.P2, {"suspected_malicious": True}, "E3"),
        (Grade.P2, {"suspected_malicious": True, "views": 5000}, "E3"),
        (Grade.P2, {"suspected_malicious": True, "views": 5001}, "E4"),
        (Grade.P1, {"suspected_malicious": True}, "E4"),
        (Grade.P3, {"suit_likely": True}, "E4"),
    ],
)
def test_the_advised_grade(grade, circumstances, expected):
    assert advise_grade(grade, **circumstances) == expected
    assert EvidenceGrade(expected).advice.how.zh


def test_the_words_say_what_a_hash_does_not_prove():
    assert "不能说明" in evidence_texts().proof.zh
    assert "does not show" in evidence_texts().proof.en
    assert len(evidence_texts().material) == 6


def false_claim(n: int) -> tuple[Claim, ...]:
    return (Claim(id=f"c{n}", text="卖假货", kind="fact", status="false"),)


def test_the_ledger_names_repeaters_and_cautions():
    attacker = CapturedAuthor(nickname="爱喝茶的猫", id="9527001")
    customer = CapturedAuthor(nickname="小林")
    register = (
        item("E1", author=attacker, claims=false_claim(1)),
        item("E2", author=attacker, claims=false_claim(2), published_at=AT),
        item("E3", author=customer, claims=false_claim(3)),
        item("E4", author=customer, claims=(Claim(id="c", text="发货慢", kind="fact", status="true"),)),
        item("E5", author=CapturedAuthor(nickname="路人", id="1")),
        item("E6", author=CapturedAuthor()),
    )
    first, second = repeated_authors(register)
    assert (first.author, first.items, first.repeated_texts, first.false_claims) == ("9527001", ("E1", "E2"), 1, 2)
    assert (first.certain, first.caution) == (True, False)
    assert (second.author, second.certain, second.caution) == ("小林", False, True)
    assert first.last_at == AT
