"""Verbs of organisations and of the people who act for them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.th import tin

from marketplace import events, notifications, outbox
from marketplace.errors import Conflict, Invalid
from marketplace.models import (
    ROLES_OF_KIND,
    City,
    Invitation,
    Membership,
    Organisation,
    Role,
    User,
    database_now,
)
from marketplace.permissions import Actor, require
from marketplace.thai.digits import to_arabic
from marketplace.thai.sorting import sort_key

INVITATION_DAYS = 14
PROFILE_FIELDS = (
    *("name_th", "name_en", "about_th", "about_en", "size", "province"),
    *("sales_phone", "sales_email", "sales_line", "website"),
)


def clean_tax_id(text: str) -> str:
    """Thirteen digits with a right check digit; Thai digits, spaces and hyphens are understood.

    Raises:
        Invalid: saying what is wrong with which number.
    """
    digits = "".join(c for c in to_arabic(text) if c.isdigit())
    if len(digits) != 13:
        raise Invalid(
            {
                "tax_id": _("A tax ID has 13 digits; the one typed has %(count)s.") % {"count": len(digits)},
            }
        )
    try:
        return str(tin.validate(digits))
    except NumberError:
        raise Invalid(
            {
                "tax_id": _("The check digit of %(number)s is wrong. Compare it with the certificate.")
                % {"number": digits}
            }
        ) from None


def add_vendor(*, by: Actor, tax_id: str, name_th: str, name_en: str = "", **profile: Any) -> Organisation:
    """A vendor's account with the actor as its first owner.

    Raises:
        Invalid: the tax ID is wrong, or a vendor with it has an account already.
    """
    number = clean_tax_id(tax_id)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                kind=Organisation.Kind.VENDOR,
                tax_id=number,
                name_th=name_th,
                name_en=name_en,
                sort_key=sort_key(name_th),
                **{k: v for k, v in profile.items() if k in PROFILE_FIELDS},
            )
            Membership.objects.create(user=by.user, organisation=organisation, role=Role.OWNER)
            events.record(organisation, "add", by=by, to_state="active")
            tell_rooms(organisation)
    except IntegrityError:
        raise Invalid(
            {"tax_id": _("A vendor with this tax ID has an account already. Ask its owner to invite you.")}
        ) from None
    _forget_memberships(by.user)
    return organisation


def edit_profile(organisation: Organisation, *, by: Actor, **profile: Any) -> Organisation:
    """Change the public profile. Owners of the organisation and depa administrators may."""
    require(
        (by.acts_for(organisation.pk) and by.role in (Role.OWNER, Role.OFFICIAL))
        or by.is_depa("administrator"),
        _("Only an owner can change the profile."),
    )
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        changed = sorted(k for k, v in profile.items() if k in PROFILE_FIELDS and getattr(fresh, k) != v)
        for field in changed:
            setattr(fresh, field, profile[field])
        fresh.sort_key = sort_key(fresh.name_th)
        fresh.save()
        if changed:
            events.record(fresh, "edit_profile", by=by, data={"fields": changed})
            tell_rooms(fresh)
    return fresh


def verify(organisation: Organisation, *, by: Actor, note: str = "") -> Organisation:
    """depa has checked that the vendor is who its tax ID says."""
    require(by.is_depa("reviewer"))
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if fresh.verified_at is not None:
            raise Conflict(_("Somebody verified this vendor already."))
        fresh.verified_at, fresh.verified_by = database_now(), by.user
        fresh.save(update_fields=["verified_at", "verified_by"])
        events.record(fresh, "verify", by=by, to_state="verified", note=note)
    return fresh


def suspend(organisation: Organisation, *, by: Actor, note: str) -> Organisation:
    """Hide a vendor and all its services until it is restored; the vendor reads the reason."""
    require(by.is_depa("administrator", "reviewer"))
    if not note.strip():
        raise Invalid({"note": _("Write the reason. The other side reads it.")})
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if fresh.suspended_at is not None:
            raise Conflict(_("This vendor is suspended already."))
        fresh.suspended_at, fresh.suspended_reason = database_now(), note
        fresh.save(update_fields=["suspended_at", "suspended_reason"])
        events.record(fresh, "suspend", by=by, from_state="active", to_state="suspended", note=note)
        tell_rooms(fresh)
    return fresh


def restore(organisation: Organisation, *, by: Actor, note: str = "") -> Organisation:
    """End a suspension."""
    require(by.is_depa("administrator", "reviewer"))
    with transaction.atomic():
        fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
        if fresh.suspended_at is None:
            raise Conflict(_("This vendor is not suspended."))
        fresh.suspended_at, fresh.suspended_reason = None, ""
        fresh.save(update_fields=["suspended_at", "suspended_reason"])
        events.record(fresh, "restore", by=by, from_state="suspended", to_state="active", note=note)
        tell_rooms(fresh)
    return fresh


def secret_digest(secret: str) -> str:
    """What is stored of a secret that was sent by mail."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(
    email: str,
    *,
    by: Actor,
    role: str,
    organisation: Organisation | None = None,
    city: City | None = None,
    replaces: Membership | None = None,
) -> Invitation:
    """Offer a membership by mail: an owner or official for the own body, depa staff for any.

    Raises:
        NotAllowed: the actor may not bring people into it.
        Invalid: the organisation has no such role.
    """
    kind = organisation.kind if organisation else Organisation.Kind.CITY
    own = organisation is not None and by.acts_for(organisation.pk) and by.role in (Role.OWNER, Role.OFFICIAL)
    staff = by.is_depa("administrator") or (kind == Organisation.Kind.CITY and by.is_depa("broker"))
    require(own or staff)
    if role not in ROLES_OF_KIND[Organisation.Kind(kind)]:
        raise Invalid({"role": _("This organisation has no such role.")})
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            organisation=organisation,
            city=city if organisation is None else None,
            email=email.strip().lower(),
            role=role,
            secret_digest=secret_digest(secret),
            invited_by=by.user,
            replaces=replaces,
            expires_at=database_now() + timedelta(days=INVITATION_DAYS),
        )
        events.record(invitation, "invite", by=by, to_state="open", data={"role": role})
        target = organisation or city
        notifications.mail_to_address(
            invitation.email,
            "invitation",
            f"/invitations/{secret}/",
            organisation=getattr(target, "name_th", ""),
            inviter=str(by.user),
            days=INVITATION_DAYS,
        )
    return invitation


def open_invitation(secret: str) -> Invitation | None:
    """The invitation behind a mailed secret while it can still be accepted, else None."""
    return (
        Invitation.objects.filter(
            secret_digest=secret_digest(secret),
            accepted_at__isnull=True,
            cancelled_at__isnull=True,
            expires_at__gt=database_now(),
        )
        .select_related("organisation", "city__organisation", "invited_by", "replaces")
        .first()
    )


def accept_invitation(invitation: Invitation, *, by: Actor) -> Membership:
    """Take up the offered membership; a hand-over ends the one it replaces.

    Raises:
        NotAllowed: the invitation was sent to another address.
        Conflict: it was used or cancelled, or the person is a member already.
    """
    require(
        by.user.email.lower() == invitation.email.lower(),
        _("The invitation was sent to another e-mail address. Sign in with that one."),
    )
    with transaction.atomic():
        fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if fresh.accepted_at or fresh.cancelled_at or fresh.expires_at <= database_now():
            raise Conflict(_("This invitation is no longer open. Ask for a new one."))
        organisation = fresh.organisation or organisation_of(City.objects.get(invitations=fresh), by=by)
        membership = join(by.user, organisation, fresh.role, by=by)
        if fresh.replaces_id:
            end_membership(Membership.objects.get(pk=fresh.replaces_id), by=None)
        fresh.accepted_at, fresh.accepted_by = database_now(), by.user
        fresh.save(update_fields=["accepted_at", "accepted_by"])
        events.record(fresh, "accept_invitation", by=by, from_state="open", to_state="accepted")
    return membership


def organisation_of(city: City, *, by: Actor | None) -> Organisation:
    """The account of a city, made when the first person comes to act for it."""
    fresh = City.objects.select_for_update().get(pk=city.pk)
    if fresh.organisation is None:
        fresh.organisation = Organisation.objects.create(
            kind=Organisation.Kind.CITY,
            name_th=fresh.name_th,
            name_en=fresh.name_en,
            sort_key=sort_key(fresh.name_th),
            province_id=fresh.province_id,
        )
        fresh.save(update_fields=["organisation"])
        events.record(fresh.organisation, "add", by=by, to_state="active")
    return fresh.organisation


def join(user: User, organisation: Organisation, role: str, *, by: Actor | None) -> Membership:
    """Make a person a member. Other verbs decide whether it may be."""
    if Membership.objects.filter(user=user, organisation=organisation, ended_at__isnull=True).exists():
        raise Conflict(_("This person acts for the organisation already."))
    membership = Membership.objects.create(user=user, organisation=organisation, role=role)
    events.record(membership, "join", by=by, to_state="active", data={"role": role})
    _forget_memberships(user)
    return membership


def end_membership(membership: Membership, *, by: Actor | None) -> Membership:
    """End a membership: one's own, or as an owner, official or depa administrator. The last owner stays."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=membership.organisation_id)
        fresh = Membership.objects.select_for_update().get(pk=membership.pk)
        if by is not None:
            manages = by.acts_for(fresh.organisation_id) and by.role in (Role.OWNER, Role.OFFICIAL)
            require(fresh.user_id == by.user.pk or manages or by.is_depa("administrator"))
        if fresh.ended_at is not None:
            raise Conflict(_("This membership has ended already."))
        owners = Membership.objects.filter(
            organisation_id=fresh.organisation_id, role=Role.OWNER, ended_at__isnull=True
        ).exclude(pk=fresh.pk)
        if fresh.role == Role.OWNER and not owners.exists():
            raise Conflict(_("This is the last owner. Make somebody else an owner first."))
        fresh.ended_at = database_now()
        fresh.save(update_fields=["ended_at"])
        events.record(fresh, "end_membership", by=by, from_state="active", to_state="ended")
    _forget_memberships(fresh.user)
    return fresh


def tell_rooms(organisation: Organisation) -> None:
    """Rooms above react to what they don't know of: the catalogue indexes a vendor and its services again."""
    outbox.put("marketplace.organisation_changed", {"organisation": organisation.public_id})


def _forget_memberships(user: User) -> None:
    """Drop what the user object remembers of memberships that have just changed."""
    for name in ("active_memberships", "organisation_ids", "is_depa"):
        user.__dict__.pop(name, None)
