"""How many services a draft's musts would leave, before anything is saved."""

from __future__ import annotations

from typing import Any

from catalogue.models import Service
from marketplace.errors import Invalid
from marketplace.models import City
from matching import criteria, facts, runs
from matching.forms import NeedForm
from matching.forms.criteria import CriterionRows
from matching.reports.remaining import FEW_VENDORS
from matching.scoring import CriterionFacts, NeedFacts, supply
from matching.wording import Names, criterion
from search.analysis import asked_terms


def of_rows(form: NeedForm, rows: CriterionRows, city: City | None, known: Names) -> dict[str, Any] | None:
    """As ``components/supply.html`` takes it; None while a row is not complete."""
    form.is_valid()
    if not rows.is_valid():
        return None
    try:
        asked = criteria.clean(rows.rows())
    except Invalid:
        return None
    musts = [row for row in asked if row["level"] == "must"]
    need = NeedFacts(
        id="draft",
        terms=asked_terms(
            "\n".join(str(form.data.get(name, "")) for name in ("title", "problem", "success"))
        ),
        region=city.province.region_id if city else None,
        city_kind=city.kind if city else None,
        criteria=tuple(
            CriterionFacts.from_value(f"c{n}", row["kind"], "must", row["value"], asked_terms(row["text"]))
            for n, row in enumerate(musts)
        ),
    )
    services = [facts.of_service(row) for row in facts.with_facts(Service.objects.public())]
    counted = supply(need, services, runs.current_weights(), runs.today())
    labels = {
        f"c{n}": criterion(row["kind"], row["value"], row["text"], known) for n, row in enumerate(musts)
    }
    return {
        "total": counted.left.services,
        "vendors": counted.left.vendors,
        "started": counted.start.services,
        "rows": [
            {
                "label": labels[step.criterion],
                "count": step.left.services,
                "risk": step.left.vendors < FEW_VENDORS,
            }
            for step in counted.steps
        ],
        "warning": "",
    }
