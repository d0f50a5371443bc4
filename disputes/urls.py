from django.urls import path

from disputes import filing, views

urlpatterns = [
    path("disputes/", views.disputes, name="disputes"),
    path("orders/<str:code>/dispute/new/", filing.dispute_new, name="dispute_new"),
    path("disputes/<uuid:public_id>/", views.dispute, name="dispute"),
    path("disputes/<uuid:public_id>/offer/", views.offer, name="dispute_offer"),
    path("disputes/<uuid:public_id>/accept/", views.accept, name="dispute_accept"),
    path("disputes/<uuid:public_id>/decline/", views.decline, name="dispute_decline"),
    path("disputes/<uuid:public_id>/concede/", views.concede, name="dispute_concede"),
    path("disputes/<uuid:public_id>/refuse/", views.refuse, name="dispute_refuse"),
    path("disputes/<uuid:public_id>/withdraw/", views.withdraw, name="dispute_withdraw"),
    path("disputes/<uuid:public_id>/evidence/", views.evidence, name="dispute_evidence"),
    path("disputes/<uuid:public_id>/escalate/", views.escalate, name="dispute_escalate"),
    path("disputes/<uuid:public_id>/hand-over/", views.hand_over, name="dispute_hand_over"),
    path("disputes/<uuid:public_id>/take/", views.take, name="dispute_take"),
    path("disputes/<uuid:public_id>/done/", views.done, name="dispute_done"),
    path("disputes/<uuid:public_id>/appeal/", views.appeal, name="dispute_appeal"),
    path(
        "disputes/<uuid:public_id>/ruling/<int:n>/", views.ruling_document, name="ruling_document"
    ),
]
