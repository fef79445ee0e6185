"""Every component in every state, on one page: for whoever builds pages, and for the accessibility check."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace import map as country

SAMPLES = Path(__file__).with_name("gallery.json")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@cache
def samples() -> dict[str, Any]:
    """Invented content in the shapes that the components document; days are dates."""

    def dated(found: dict[str, Any]) -> dict[str, Any]:
        return {
            key: date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else value
            for key, value in found.items()
        }

    return json.loads(SAMPLES.read_text(encoding="utf-8"), object_hook=dated)


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="เรื่อง", help_text="หนึ่งประโยค ไม่ต้องระบุชื่อเทคโนโลยี", max_length=150)
    problem = forms.CharField(label="ปัญหาที่เกิดขึ้น", widget=forms.Textarea(attrs={"rows": 3}))
    amount = forms.DecimalField(label="วงเงิน", help_text="พิมพ์เลขไทยหรืออารบิกก็ได้", required=False)
    fiscal_year = forms.ChoiceField(label="ปีงบประมาณ (พ.ศ.)", choices=[("2027", "2570"), ("2028", "2571")])
    budget = forms.ChoiceField(
        label="สถานะงบประมาณ", widget=forms.RadioSelect, choices=lambda: samples()["budget_states"]
    )
    dimensions = forms.MultipleChoiceField(
        label="ด้านที่เกี่ยวข้อง",
        help_text="เลือกได้หลายด้าน",
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(row["picture"], row["name"]) for row in samples()["dimensions"]],
    )
    letter = forms.FileField(label="หนังสือราชการ", required=False, help_text="PDF ไม่เกิน 10 MB")
    agreed = forms.BooleanField(label="ยินยอมให้แสดงข้อมูลติดต่อของฉัน")


def _sample_forms() -> dict[str, SampleForm]:
    fresh = SampleForm(auto_id="fresh_%s", initial={"title": "แจ้งขยะตกค้างผ่านมือถือ", "budget": "funded"})
    wrong = SampleForm({"title": "แจ้งขยะ", "amount": "ประมาณ 1,200,000"}, auto_id="wrong_%s")
    kinds = SampleForm({"title": "แจ้งขยะ", "amount": "ประมาณ 1,200,000"}, auto_id="kinds_%s")
    return {"fresh": fresh, "wrong": wrong, "kinds": kinds, "consent": SampleForm(auto_id="consent_%s")}


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Only routed with DEBUG."""
    now, content = timezone.now(), samples()
    places: list[dict[str, Any]] = []
    for place in content["places"]:
        x, y = country.project(place["latitude"], place["longitude"])
        places.append({"name": place["name"], "x": x, "y": y, "chosen": not places})
    land = tuple(
        country.Point(latitude, longitude, region, province=True)
        for latitude, longitude, region in content["land"]
    )
    context: dict[str, Any] = {
        "samples": content,
        "statuses": ["met", "partly", "unmet", "unknown", "info", "plain"],
        "forms": _sample_forms(),
        "now": now,
        "sample_messages": [
            Message(constants.SUCCESS, "บันทึกร่างแล้ว"),
            Message(constants.ERROR, "ส่งไม่ได้ ยังไม่ได้กรอกชื่อ"),
            Message(constants.INFO, "รอบการจับคู่กำลังคำนวณ"),
        ],
        "page": Paginator(range(200), 20).page(4),
        "map": country.draw(land),
        "places": places,
        "events": [{**event, "at": now - timedelta(days=event["days"])} for event in content["events"]],
        "shown": ["ชื่อ", "ตำแหน่ง", "โทรศัพท์", "อีเมล"],
    }
    return render(request, "marketplace/gallery.html", context)
