"""People. What a person may do follows from memberships, never from flags on the user."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from marketplace.models.base import PublicModel

if TYPE_CHECKING:
    from marketplace.models.organisations import Membership


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person; the e-mail address is the name to sign in with."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(PublicModel, AbstractBaseUser):
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, default="th", choices=[("th", "ไทย"), ("en", "English")]
    )
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        """Memberships in force with their organisations, oldest first; read once a request."""
        return list(self.memberships.filter(ended_at__isnull=True).select_related("organisation__city"))

    @cached_property
    def organisation_ids(self) -> list[int]:
        """Primary keys of the organisations that the person acts for."""
        return [membership.organisation_id for membership in self.active_memberships]

    @cached_property
    def is_depa(self) -> bool:
        """Whether the person works for depa, in any role."""
        return any(m.organisation.kind == "depa" for m in self.active_memberships)

    def has_depa_role(self, *roles: str) -> bool:
        """Whether the person holds one of these depa roles; an administrator holds them all."""
        return any(
            m.organisation.kind == "depa" and (m.role in roles or m.role == "administrator")
            for m in self.active_memberships
        )

    def __str__(self) -> str:
        return self.name or self.email
