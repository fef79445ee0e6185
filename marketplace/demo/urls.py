"""Pages that exist only in the demonstration; marketplace/urls.py includes them where DEMO is set."""

from django.urls import path

from marketplace.demo import views

urlpatterns = [
    path("", views.logins_page, name="demo"),
    path("mail/", views.mail_list, name="demo_mail_list"),
    path("mail/<str:mail_id>/", views.mail, name="demo_mail"),
]
