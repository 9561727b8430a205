"""Keys and signatures: made by one library, and checked by another program, openssl."""

from __future__ import annotations

import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from lull.exchange.ledger import new_key_file, read_key_file
from lull.exchange.ledger.ed25519 import SigningKey, check_signature, public_pem
from lull.exchange.ledger.sealing import reader_key
from lull.exchange.seal import Key, SealError
from lull.ledger.canonical import canonical
from lull.ledger.content import read_content
from lull.ledger.entry import post_of, read_entry
from lull.ledger.ledger import Ledger
from lull.ledger.write import open_log

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "docs/reference/ledger-vectors.json").read_text(encoding="utf-8"))
PASSPHRASE = "six random words are far better"

# RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
RFC_8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]


def pem_by_hand(seed: str) -> bytes:
    """A private key as PKCS #8 in PEM, put together from RFC 8410 by hand."""
    from base64 import b64encode

    der = bytes.fromhex("302e020100300506032b657004220420" + seed)
    return b"-----BEGIN PRIVATE KEY-----\n" + b64encode(der) + b"\n-----END PRIVATE KEY-----\n"


def openssl_says(folder: Path, public: str, message: bytes, signature: str) -> bool:
    """Whether plain openssl takes a signature; the public key is put together by hand."""
    der = bytes.fromhex("302a300506032b6570032100" + public)
    (folder / "key.der").write_bytes(der)
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(bytes.fromhex(signature))
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der",
         "-rawin", "-in", "message", "-sigfile", "signature"],
        cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_it_signs_as_rfc_8032_says(secret, public, message, signature) -> None:
    key = SigningKey.from_pem(pem_by_hand(secret))
    assert key.public == public
    assert key.sign(bytes.fromhex(message)) == signature
    assert check_signature(public, bytes.fromhex(message), signature)


def test_openssl_takes_what_lull_signs_and_refuses_what_was_changed(tmp_path: Path) -> None:
    key = SigningKey.new()
    entry = open_log(Ledger(), key=key.public, recovery=SigningKey.new().public,
                     hour="2016-10-20T09Z", sign=key.sign)
    assert openssl_says(tmp_path, key.public, entry.message, entry.signature)
    assert not openssl_says(tmp_path, key.public, entry.message + b" ", entry.signature)
    other = SigningKey.new()
    assert not openssl_says(tmp_path, other.public, entry.message, entry.signature)
    assert not check_signature(other.public, entry.message, entry.signature)


def test_lull_takes_what_openssl_signs(tmp_path: Path) -> None:
    def openssl(*words: str) -> bytes:
        return subprocess.run(["openssl", *words], cwd=tmp_path, check=True,
                              capture_output=True).stdout

    openssl("genpkey", "-algorithm", "ed25519", "-out", "k.pem")
    (tmp_path / "message").write_bytes(b"said")
    openssl("pkeyutl", "-sign", "-inkey", "k.pem", "-rawin", "-in", "message", "-out", "signature")
    key = SigningKey.from_pem((tmp_path / "k.pem").read_bytes())
    signature = (tmp_path / "signature").read_bytes().hex()
    assert check_signature(key.public, b"said", signature)
    assert not check_signature(key.public, b"not said", signature)
    assert public_pem(key.public) == openssl("pkey", "-in", "k.pem", "-pubout")


@pytest.mark.parametrize("signature", ["", "00", "0" * 128, "f" * 128, "zz"])
def test_what_is_no_signature_is_refused_and_no_crash(signature: str) -> None:
    key = SigningKey.new()
    assert not check_signature(key.public, b"said", signature)
    assert not check_signature("00" * 31, b"said", key.sign(b"said"))


def test_the_vectors_are_right_by_arithmetic_of_their_own_and_by_openssl(tmp_path: Path) -> None:
    """Hashes are counted here with hashlib and json alone, signatures checked by openssl."""
    for one in VECTORS["canonical"]:
        assert canonical(one["value"]).hex() == one["bytes_hex"]
        assert json.loads(bytes.fromhex(one["bytes_hex"])) == one["value"]
    for one in VECTORS["contents"]:
        body = json.dumps(one["content"], ensure_ascii=False, separators=(",", ":"),
                          sort_keys=True).encode()
        salted = sha256(b"lull content 1\n" + bytes.fromhex(one["salt_hex"]) + body).hexdigest()
        assert salted == one["salted"]
        assert read_content(one["content"]).salted(bytes.fromhex(one["salt_hex"])) == salted
    for one in VECTORS["entries"]:
        node = one["entry"]
        unsigned = {key: value for key, value in node.items() if key != "signature"}
        dumped = [json.dumps(x, separators=(",", ":"), sort_keys=True).encode()
                  for x in (unsigned, node)]
        message = b"lull entry 1\n" + dumped[0]
        assert message.decode() == one["message"]
        assert sha256(b"lull entry 1\n" + dumped[1]).hexdigest() == one["hash"]
        assert openssl_says(tmp_path, node["key"], message, node["signature"])
        entry = read_entry(node)
        assert (entry.message, entry.hash) == (message, one["hash"])
        assert check_signature(entry.key, entry.message, entry.signature)
    first = VECTORS["entries"][0]["entry"]
    key = bytes.fromhex(first["key"])
    assert first["post"] == sha256(b"lull post 1\n" + key).hexdigest() == post_of(first["key"])


def test_the_vectors_hang_together() -> None:
    entries = VECTORS["entries"]
    assert [e["entry"]["previous"] for e in entries[1:]] == [e["hash"] for e in entries[:-1]]
    assert entries[1]["entry"]["said"]["salted"] == VECTORS["contents"][0]["salted"]


def test_a_key_file_is_for_its_owner_alone_and_comes_back_with_its_passphrase(tmp_path) -> None:
    file = tmp_path / "room.key"
    made = new_key_file(file, PASSPHRASE)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE KEY" not in file.read_bytes()
    again = read_key_file(file, PASSPHRASE)
    assert again.public == made.public
    assert "rivate" not in repr(again)
    with pytest.raises(SealError, match="passphrase is another"):
        read_key_file(file, PASSPHRASE + "!")


def test_a_key_is_never_written_over_and_has_no_short_passphrase(tmp_path: Path) -> None:
    file = tmp_path / "room.key"
    with pytest.raises(SealError, match="at least 12"):
        new_key_file(file, "short")
    assert not file.exists()
    new_key_file(file, None)
    before = file.read_bytes()
    with pytest.raises(SealError, match="never written over"):
        new_key_file(file, None)
    assert file.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "room.key"
    new_key_file(file, None)
    file.chmod(mode)
    with pytest.raises(SealError, match="can be read by others"):
        read_key_file(file)
    file.chmod(0o600)
    assert read_key_file(file)


def test_what_is_no_ed25519_key_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "room.key"
    for raw in (b"", b"nonsense", pem_by_hand("00")):
        file.write_bytes(raw)
        file.chmod(0o600)
        with pytest.raises(SealError, match="no private key"):
            read_key_file(file)
    subprocess.run(["openssl", "genpkey", "-algorithm", "x25519", "-out", file], check=True)
    with pytest.raises(SealError, match="another kind"):
        read_key_file(file)
    with pytest.raises(SealError, match="is not there"):
        read_key_file(tmp_path / "none.key")


def test_of_two_who_make_one_key_file_at_once_one_is_refused(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "room.key"
    made = SigningKey.new()

    def while_another_is_made() -> SigningKey:
        monkeypatch.undo()
        new_key_file(file, None)
        return made

    monkeypatch.setattr(SigningKey, "new", while_another_is_made)
    with pytest.raises(SealError, match="never written over"):
        new_key_file(file, None)
    assert read_key_file(file).public != made.public


def test_a_key_that_cannot_be_written_leaves_no_file_that_looks_like_one(
    tmp_path: Path, monkeypatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lull.exchange.ledger.keyfile.write_whole", full)
    with pytest.raises(OSError, match="No space"):
        new_key_file(tmp_path / "room.key", None)
    assert list(tmp_path.iterdir()) == []


def test_a_secret_key_that_is_given_away_by_mistake_is_not_repeated() -> None:
    key = Key.new()
    for text in (key.secret, f" {key.secret.lower()} "):
        with pytest.raises(SealError, match="secret key") as refused:
            reader_key(text)
        assert key.secret[20:40].lower() not in str(refused.value).lower()
    assert key.secret not in repr(key)
