"""The typeface is small, complete for our pages, and stacks Thai marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from marketplace import fonts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fonts")
    assert len(fonts.build(path)) == len(fonts.WEIGHTS)
    return path


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_a_weight_is_small_and_complete(folder: Path, weight: str) -> None:
    path = folder / f"Sarabun-{weight}.woff2"
    assert path.stat().st_size < 30_000
    font = TTFont(path)
    characters = set(font.getBestCmap())
    assert set(map(ord, "กขฃคฅฆงฐญฤฦฯๆเแโใไ่้๊๋็์ํ๎ิีึืฺุูำ฿๐๙AZaz09–—“”…é×·")) <= characters
    features = {
        record.FeatureTag
        for table in ("GPOS", "GSUB")
        for record in font[table].table.FeatureList.FeatureRecord
    }
    assert {"mark", "mkmk", "ccmp"} <= features


def test_making_it_again_does_nothing_and_would_give_the_same(folder: Path, tmp_path: Path) -> None:
    assert fonts.build(folder) == []
    fonts.build(tmp_path)
    assert (tmp_path / "Sarabun-Regular.woff2").read_bytes() == (
        folder / "Sarabun-Regular.woff2"
    ).read_bytes()
