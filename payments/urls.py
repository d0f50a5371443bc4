from django.urls import path

from payments import views

urlpatterns = [
    path("check-account/", views.check_account, name="check_account"),
    path("orders/<str:code>/pay/", views.pay, name="pay"),
    path("orders/<str:code>/pay/transfer/", views.pay_transfer, name="pay_transfer"),
    path("orders/<str:code>/pay/sheet/", views.pay_sheet, name="pay_sheet"),
    path("orders/<str:code>/pay/status/", views.pay_status, name="pay_status"),
]
