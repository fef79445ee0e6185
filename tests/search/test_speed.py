"""Orders of magnitude only: a slip from linear to square, or a stray scan, fails on any machine."""

import time

from search.analysis import tokens
from search.documents import Document
from search.engine import Query

TEXT = "ระบบติดตามรถเก็บขยะของเทศบาล แจ้งเตือนผ่าน LINE เมื่อรถใกล้ถึงบ้าน Smart waste tracking for cities. "


def test_analysis_is_fast():
    tokens(TEXT)
    began = time.process_time()
    for number in range(200):
        tokens(f"{number} {TEXT}")
    assert len(TEXT) * 200 / (time.process_time() - began) > 50_000  # characters a second


def test_a_faceted_page_of_thousands_is_fast(engine):
    engine.rebuild(
        Document(
            f"d{number}", {"name": f"ขยะ {number}", "body": TEXT, "kind": f"k{number % 9}", "price": number}
        )
        for number in range(2_000)
    )
    query = Query("ขยะ เทศบาล", facets=["kind", "dimension"], highlight=["name"])
    engine.search(query)
    took = sorted(engine.search(query).took for _ in range(9))
    assert took[4] < 0.2
