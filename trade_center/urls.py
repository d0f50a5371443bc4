from django.urls import path

from trade_center import views

urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("orders/<str:code>/messages/", views.order_messages, name="order_messages"),
]
