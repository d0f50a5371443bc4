from django.urls import path

from notifications import preference_views, views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/<int:pk>/", views.open_notice, name="notification"),
    path("notifications/read/", views.mark_read, name="notifications_read"),
    path("notifications/off/<str:token>/", preference_views.turn_off, name="notification_off"),
    path("settings/notifications/", preference_views.choose, name="notification_preferences"),
]
