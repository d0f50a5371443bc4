from django.urls import path

from orders import clock_views, placing, shipping_views, views

urlpatterns = [
    path("settings/calendar/", clock_views.calendar, name="calendar"),
    path("calendar/<str:secret>.ics", clock_views.calendar_file, name="calendar_file"),
    path("orders/", views.orders, name="orders"),
    path("orders/new/", placing.order_new, name="order_new"),
    path("orders/<str:code>/", views.order, name="order"),
    path("orders/<str:code>/clocks/", clock_views.order_clocks, name="order_clocks"),
    path("orders/<str:code>/edit/", placing.order_edit, name="order_edit"),
    path("orders/<str:code>/check/", placing.order_check, name="order_check"),
    path("orders/<str:code>/accept/", views.order_accept, name="order_accept"),
    path("orders/<str:code>/decline/", views.order_decline, name="order_decline"),
    path("orders/<str:code>/withdraw/", views.order_withdraw, name="order_withdraw"),
    path("orders/<str:code>/ready/", views.order_ready, name="order_ready"),
    path("orders/<str:code>/inspect-again/", views.order_inspect_again, name="order_inspect_again"),
    path("orders/<str:code>/ship/", views.order_ship, name="order_ship"),
    path("orders/<str:code>/shipments/", shipping_views.order_shipments, name="order_shipments"),
    path("orders/<str:code>/shipments/<int:pk>/", shipping_views.order_lot, name="order_lot"),
    path(
        "orders/<str:code>/extend-delivery/",
        shipping_views.order_extend_delivery,
        name="order_extend_delivery",
    ),
    path("orders/<str:code>/delivered/", views.order_delivered, name="order_delivered"),
    path("orders/<str:code>/accept-goods/", views.order_accept_goods, name="order_accept_goods"),
    path("orders/<str:code>/late-choice/", views.order_late_choice, name="order_late_choice"),
]
