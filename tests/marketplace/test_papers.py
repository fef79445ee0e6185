"""Papers that show who a vendor is: who sends, removes and reads them."""

from __future__ import annotations

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from marketplace import affiliations, events, files, organisations, outbox, papers
from marketplace.errors import Conflict, Invalid, NotAllowed
from marketplace.models import Event, Organisation, StoredFile
from marketplace.permissions import Actor
from tests import factories
from tests.conftest import Cast
from tests.world import PDF, enrol

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def upload(name: str = "หนังสือรับรอง.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def vendor_of(actor: Actor) -> Organisation:
    assert actor.organisation is not None
    return actor.organisation


def sign_in(client: Client, actor: Actor) -> Client:
    client.force_login(actor.user)
    return client


def address(actor: Actor) -> str:
    return f"/o/{vendor_of(actor).public_id}/profile/"


def moves(vendor: Organisation) -> list[str]:
    return [event.move for event in events.of(vendor)]


def test_an_owner_sends_several_papers_and_takes_one_back(client: Client, cast: Cast) -> None:
    path = address(cast.owner)
    sent = {"papers": [upload(), upload("id.png", PNG)]}
    answer = sign_in(client, cast.owner).post(f"{path}papers/", sent)
    assert (answer.status_code, answer["Location"]) == (302, path)
    kept = list(papers.of(vendor_of(cast.owner)))
    assert [(p.original_name, p.content_type, p.is_identity) for p in kept] == [
        ("หนังสือรับรอง.pdf", "application/pdf", True),
        ("id.png", "image/png", True),
    ]
    page = client.get(path).content.decode()
    assert [f"/files/{p.public_id}/" in page for p in kept] == [True, True]

    assert client.post(f"{path}papers/{kept[0].public_id}/remove/").status_code == 302
    assert [p.original_name for p in papers.of(vendor_of(cast.owner))] == ["id.png"]
    assert moves(vendor_of(cast.owner)) == ["add_paper", "add_paper", "remove_paper"]
    told = [event.data for event in events.of(vendor_of(cast.owner))]
    assert told[0] == told[2] == {"file": kept[0].public_id, "sha256": kept[0].sha256}
    assert storages["private"].exists(kept[0].stored_name)
    outbox.drain()
    assert [storages["private"].exists(p.stored_name) for p in kept] == [False, True]


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"<svg/>", b"MZ", b""])
def test_one_wrong_file_among_several_keeps_none(client: Client, cast: Cast, content: bytes) -> None:
    sent = {"papers": [upload(), upload("x.pdf", content)]}
    answer = sign_in(client, cast.owner).post(f"{address(cast.owner)}papers/", sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_papers"' in page
    # The profile's own form goes on to its own address.
    assert f'<form method="post" action="{address(cast.owner)}">' in page
    assert (StoredFile.objects.count(), Event.objects.count()) == (0, 0)


def test_no_file_too_large_a_file_and_too_many_files(client: Client, cast: Cast, settings: object) -> None:
    path = f"{address(cast.owner)}papers/"
    assert sign_in(client, cast.owner).post(path).status_code == 400
    assert client.post(path, {"papers": [upload() for _n in range(papers.MOST + 1)]}).status_code == 400
    settings.MAX_UPLOAD_BYTES = 10  # type: ignore[attr-defined]
    with pytest.raises(Invalid) as refusal:
        papers.add(vendor_of(cast.owner), [upload()], by=cast.owner)
    assert list(refusal.value.message_dict) == ["papers"]
    assert (StoredFile.objects.count(), Event.objects.count()) == (0, 0)


def test_only_an_owner_sends_and_removes(cast: Cast) -> None:
    vendor = vendor_of(cast.owner)
    [paper] = papers.add(vendor, [upload()], by=cast.owner)
    others = (cast.teammate, cast.rival, cast.official, cast.reviewer, cast.broker, cast.administrator)
    for actor in others:
        with pytest.raises(NotAllowed):
            papers.add(vendor, [upload()], by=actor)
        with pytest.raises(NotAllowed):
            papers.remove(paper, by=actor)
    with pytest.raises(NotAllowed):
        papers.add(vendor_of(cast.official), [upload()], by=cast.official)
    assert list(papers.of(vendor)) == [paper]
    assert moves(vendor) == ["add_paper"]


def test_what_depa_has_checked_the_vendor_on_stays(client: Client, cast: Cast) -> None:
    vendor = vendor_of(cast.owner)
    [paper] = papers.add(vendor, [upload()], by=cast.owner)
    organisations.verify(vendor, by=cast.reviewer)
    path = address(cast.owner)
    assert f"{paper.public_id}/remove/" not in sign_in(client, cast.owner).get(path).content.decode()
    assert client.post(f"{path}papers/{paper.public_id}/remove/").status_code == 409
    [later] = papers.add(vendor, [upload("new.pdf")], by=cast.owner)
    papers.remove(later, by=cast.owner)
    with pytest.raises(Conflict):
        papers.remove(later, by=cast.owner)
    assert list(papers.of(vendor)) == [paper]
    assert moves(vendor) == ["add_paper", "verify", "add_paper", "remove_paper"]


def test_who_reads_which_file(client: Client, cast: Cast) -> None:
    """Identity papers: the vendor's people, reviewers, administrators. Letters: who checks them."""
    person = Actor(factories.UserFactory())
    letter = files.store(upload("letter.pdf"), by=person, field="letter_scan")
    affiliations.ask(
        by=person,
        city=factories.CityFactory(),
        letter_scan=letter,
        letter_number="1",
        letter_date="2025-11-22",
    )
    [paper] = papers.add(vendor_of(cast.owner), [upload()], by=cast.owner)
    for actor in (cast.reviewer, cast.broker, cast.administrator):
        enrol(actor)
    everybody = {
        **{name: getattr(cast, name) for name in ("owner", "teammate", "rival", "official", "stranger")},
        **{name: getattr(cast, name) for name in ("reviewer", "broker", "administrator")},
        "person": person,
    }
    read: dict[str, set[str]] = {"paper": set(), "letter": set()}
    for name, actor in everybody.items():
        sign_in(client, actor)
        unknown = client.get("/files/000000000000/")
        for kind, row in (("paper", paper), ("letter", letter)):
            answer = client.get(f"/files/{row.public_id}/")
            if answer.status_code == 200:
                assert answer.getvalue() == PDF
                read[kind].add(name)
            else:
                assert (answer.status_code, unknown.status_code) == (404, 404)
    assert read == {
        "paper": {"owner", "teammate", "reviewer", "administrator"},
        "letter": {"person", "broker", "reviewer", "administrator"},
    }


def test_who_has_left_the_vendor_reads_no_more(cast: Cast) -> None:
    vendor = vendor_of(cast.owner)
    other = factories.member(vendor, "owner")
    [paper] = papers.add(vendor, [upload()], by=cast.owner)
    assert cast.owner.membership is not None
    assert StoredFile.objects.visible_to(cast.owner.user).get() == paper
    organisations.end_membership(cast.owner.membership, by=other)
    left = type(cast.owner.user).objects.get(pk=cast.owner.user.pk)
    assert StoredFile.objects.visible_to(left).count() == 0
    assert StoredFile.objects.visible_to(other.user).get() == paper


def test_a_reviewer_reads_the_papers_beside_the_decision(client: Client, cast: Cast) -> None:
    [paper] = papers.add(vendor_of(cast.owner), [upload()], by=cast.owner)
    enrol(cast.reviewer)
    depa = vendor_of(cast.reviewer).public_id
    page = sign_in(client, cast.reviewer).get(f"/o/{depa}/reviews/vendors/{vendor_of(cast.owner).public_id}/")
    assert page.content.decode().count(f"/files/{paper.public_id}/") == 1


def test_the_database_keeps_no_identity_paper_of_nobody(cast: Cast) -> None:
    row = files.store(upload(), by=cast.owner, field="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=row.pk).update(is_identity=True)
