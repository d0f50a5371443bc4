from django.urls import path

from inspections import views, visits

urlpatterns = [
    path("inspect/", visits.today, name="inspect_today"),
    path("inspect/", visits.today, name="inspections"),
    path("inspect/<uuid:public_id>/", visits.visit, name="inspect_visit"),
    path("inspect/<uuid:public_id>/defects/", visits.defects, name="inspect_defects"),
    path("inspect/<uuid:public_id>/review/", visits.review, name="inspect_review"),
    path("inspect/<uuid:public_id>/<int:number>/", visits.line, name="inspect_line"),
    path("orders/<str:code>/inspection/<int:n>/", views.report, name="inspection_report"),
    path("orders/<str:code>/inspection/<int:n>/object/", views.object_to, name="inspection_object"),
    path("orders/<str:code>/inspection/<int:n>/again/", views.again, name="inspection_again"),
    path("orders/<str:code>/inspection/<int:n>/accept/", views.accept, name="inspection_accept"),
]
