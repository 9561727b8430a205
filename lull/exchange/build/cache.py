"""Travel tables kept for the next time, under the hash of all that they were made from."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from lull.domain.refusal import Refusal
from lull.domain.travel import TravelTable
from lull.exchange.atomic import PRIVATE, PRIVATE_FOLDER, write_whole
from lull.exchange.build.ground import Ground
from lull.exchange.note import Note

FORM = "travel 1"
LAYERS = ("low", "likely", "high", "metres", "approved", "mined")


def key_of(ground: Ground, streets_hash: str) -> str:
    """A hash of the streets, the places, the travellers, the closures and the code."""
    geography = ground.geography
    said = [
        FORM,
        _code_hash(),
        streets_hash,
        ground.approved_within_m,
        [[p.id, p.lat, p.lon, p.sides] for p in ground.places],
        [
            [p.name, p.on_foot, p.speed_factor, p.heavy, p.height_m, p.weight_t]
            for p in ground.profiles
        ],
        [
            [c.id, c.kind, c.geometry.wkb_hex if c.geometry else "", c.way_ids, c.factor]
            for c in geography.closures
        ],
        [shape.wkb_hex for shape in geography.line],
        [shape.wkb_hex for shape in geography.approved],
        [
            [c.corridor, c.inside, c.outside, c.line.wkb_hex if c.line else ""]
            for c in ground.crossings
        ],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _code_hash() -> str:
    """A hash of the code that makes travel tables, so that a mended fault is not kept."""
    digest = hashlib.sha256()
    for file in sorted(resources.files("lull.network").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def name_of(key: str) -> str:
    """The file of a key, below the folder that holds the cache."""
    return f"travel-{key}.npz"


def pack(table: TravelTable, notes: tuple[Note, ...]) -> bytes:
    """A travel table and its notes as the bytes of an .npz file."""
    about = {
        "form": FORM,
        "places": table.places,
        "profiles": table.profiles,
        "source": table.source,
        "notes": [[n.what, n.travellers, n.sentence] for n in notes],
    }
    arrays: dict[str, Any] = {
        layer: np.stack([getattr(table, layer)[p] for p in table.profiles]) for layer in LAYERS
    }
    raw = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    out = io.BytesIO()
    np.savez_compressed(out, about=raw, **arrays)
    return out.getvalue()


def unpack(raw: bytes) -> tuple[TravelTable, tuple[Note, ...]] | None:
    """The table and notes of such bytes; None where they are damaged."""
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as held:
            about = json.loads(held["about"].tobytes())
            profiles = about["profiles"]
            layers = {
                layer: {p: held[layer][i] for i, p in enumerate(profiles)} for layer in LAYERS
            }
        if about["form"] != FORM:
            return None
        table = TravelTable(tuple(about["places"]), **layers, source=about["source"])
        notes = tuple(Note(what, tuple(who), said) for what, who, said in about["notes"])
    except (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, Refusal,
            zipfile.BadZipFile, zlib.error, NotImplementedError):
        return None
    return table, notes


def keep(folder: Path, key: str, content: bytes) -> None:
    """Write a table into a cache folder that only its owner reads; a full disk is no error."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        write_whole(folder / name_of(key), content, PRIVATE)
    except OSError:
        return
