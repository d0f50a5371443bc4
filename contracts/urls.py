from django.urls import path

from contracts import views

urlpatterns = [
    path("orders/<str:code>/contract/", views.contract, name="contract"),
    path("orders/<str:code>/contract/propose/", views.contract_propose, name="contract_propose"),
    path("orders/<str:code>/contract/counter/", views.contract_counter, name="contract_counter"),
    path(
        "orders/<str:code>/contract/hand-over/",
        views.contract_hand_over,
        name="contract_hand_over",
    ),
    path(
        "orders/<str:code>/contract/diff/<int:a>/<int:b>/",
        views.contract_diff,
        name="contract_diff",
    ),
    path("orders/<str:code>/contract/paper/", views.contract_paper, name="contract_paper"),
    path("orders/<str:code>/contract/pdf/", views.contract_document, name="contract_document"),
    path("orders/<str:code>/contract/progress/", views.contract_progress, name="contract_progress"),
    path("orders/<str:code>/contract/verify/", views.contract_verify, name="contract_verify"),
    path("orders/<str:code>/sign/", views.contract_sign, name="contract_sign"),
]
