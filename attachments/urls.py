from django.urls import path

from attachments import views

urlpatterns = [path("files/<uuid:public_id>/", views.download, name="attachment")]
