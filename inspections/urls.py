from django.urls import path

from inspections import measuring, pictures, pieces, steps, views, visits

urlpatterns = [
    path("inspect/", visits.today, name="inspect_today"),
    path("inspect/", visits.today, name="inspections"),
    path("inspect/<uuid:public_id>/", visits.visit, name="inspect_visit"),
    path("inspect/<uuid:public_id>/pieces/", pieces.pieces, name="inspect_pieces"),
    path("inspect/<uuid:public_id>/pieces.pdf", pieces.document, name="inspect_pieces_pdf"),
    path("inspect/<uuid:public_id>/photos/", pictures.of_visit, name="inspect_photos"),
    path("inspect/<uuid:public_id>/photos/<int:pk>/", pictures.small, name="inspection_photo"),
    path(
        "inspect/<uuid:public_id>/photos/<int:pk>/off/",
        pictures.remove,
        name="inspect_photo_remove",
    ),
    path("inspect/<uuid:public_id>/defects/", visits.defects, name="inspect_defects"),
    path("inspect/<uuid:public_id>/review/", visits.review, name="inspect_review"),
    path("inspect/<uuid:public_id>/day/", steps.set_day, name="inspect_day"),
    path("inspect/<uuid:public_id>/missed/", steps.miss, name="inspect_missed"),
    path("inspect/<uuid:public_id>/<int:number>/", measuring.line, name="inspect_line"),
    path("orders/<str:code>/inspection/", steps.book, name="inspection_book"),
    path("orders/<str:code>/inspection/<int:n>/", views.report, name="inspection_report"),
    path("orders/<str:code>/inspection/<int:n>/pdf/", views.document, name="inspection_document"),
    path("orders/<str:code>/inspection/<int:n>/object/", views.object_to, name="inspection_object"),
    path("orders/<str:code>/inspection/<int:n>/again/", views.again, name="inspection_again"),
    path("orders/<str:code>/inspection/<int:n>/rework/", steps.rework, name="inspection_rework"),
    path("orders/<str:code>/inspection/<int:n>/visit/", steps.reschedule, name="inspection_visit"),
    path("orders/<str:code>/inspection/<int:n>/off/", steps.call_off, name="inspection_off"),
    path("orders/<str:code>/inspection/<int:n>/accept/", views.accept, name="inspection_accept"),
]
