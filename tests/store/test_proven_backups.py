"""A backup that somebody changed is refused, however well its hashes were made to fit."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from lull.domain.refusal import Refusal
from lull.store.backup import Made, back_up, require_proven
from lull.store.veil import Veil
from tests.store.kit import EASY, World


def resealed(raw: bytes, change: Callable[[dict[str, Any]], None], *, proof: bool = True) -> bytes:
    """A backup with each row changed so, whose end fits it again as anybody could make it fit."""
    lines = [json.loads(line) for line in raw.splitlines()]
    end = lines.pop()["end"]
    for node in lines:
        if "row" in node:
            change(node)
    body = b"".join(json.dumps(node, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                    for node in lines)
    end["sha256"] = sha256(body).hexdigest()
    if not proof:
        end.pop("proof", None)
    return body + json.dumps({"end": end}, separators=(",", ":")).encode() + b"\n"


def own_passphrase(node: dict[str, Any]) -> None:
    """Come in as anybody."""
    if node["table"] == "member":
        node["row"]["password"] = EASY.hash("a passphrase of the thief")


def own_role(node: dict[str, Any]) -> None:
    """Sit down as coordinator."""
    if node["table"] == "seat":
        node["row"]["role"] = "coordinator"


def own_key(node: dict[str, Any]) -> None:
    """Have what is sealed from now on sealed to oneself."""
    if node["table"] == "memberkey":
        node["row"]["public"] = "age1" + node["row"]["public"][4:][::-1]


@pytest.mark.parametrize("change", [own_passphrase, own_role, own_key])
@pytest.mark.parametrize("proof", [True, False], ids=["proof kept", "proof taken away"])
def test_whoever_changes_a_backup_cannot_prove_it(
    world: World, tmp_path: Path, change: Callable[[dict[str, Any]], None], proof: bool
) -> None:
    file, veil = tmp_path / "a.backup", world.store.secrets.veil
    made = back_up(file, veil)
    assert require_proven(file, veil) == made
    changed = resealed(file.read_bytes(), change, proof=proof)
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    with pytest.raises(Refusal, match="changed"):
        require_proven(file, veil)
    with pytest.raises(Refusal, match="is not the backup"):
        require_proven(file, veil, sha256=made.sha256)


def test_a_backup_that_is_not_proven_needs_the_hash_that_was_kept_apart_or_a_word(
    world: World, tmp_path: Path
) -> None:
    file, veil = tmp_path / "a.backup", world.store.secrets.veil
    made = back_up(file)
    assert made.proof == ""
    with pytest.raises(Refusal, match="--sha256"):
        require_proven(file, veil)
    assert require_proven(file, veil, sha256=f" {made.sha256.upper()} ") == made
    assert require_proven(file, veil, unproven=True) == made
    with pytest.raises(Refusal, match="is not the backup"):
        require_proven(file, veil, sha256="0" * 64, unproven=True)


def test_a_backup_of_another_store_is_not_proven_by_this_one_s_key(
    world: World, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    back_up(file, Veil.of("another data key"))
    with pytest.raises(Refusal, match="server's key"):
        require_proven(file, world.store.secrets.veil, unproven=True)


def test_a_proof_says_nothing_but_that_it_fits(world: World, tmp_path: Path) -> None:
    file, veil = tmp_path / "a.backup", world.store.secrets.veil
    made = back_up(file, veil)
    assert made == evolve(Made(file, made.rows, made.sha256), proof=veil.tag(made.sha256, "backup"))
    assert json.loads(file.read_bytes().splitlines()[-1]) == {
        "end": {"rows": made.rows, "sha256": made.sha256, "proof": made.proof}}
