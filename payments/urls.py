from django.urls import path

from payments import views

urlpatterns = [
    path("check-account/", views.check_account, name="check_account"),
    path("check-account/<str:code>/", views.check_sheet, name="check_sheet"),
    path("company/bank/", views.company_bank, name="company_bank"),
    path("money/", views.money, name="money"),
    path("money/credit/", views.money_credit, name="money_credit"),
    path("money/credit/use/", views.money_credit_use, name="money_credit_use"),
    path("money/credit/back/", views.money_credit_back, name="money_credit_back"),
    path("money/statement/", views.money_statement, name="money_statement"),
    path("money/statement/csv/", views.money_statement_csv, name="money_statement_csv"),
    path("money/statement/pdf/", views.money_statement_draw, name="money_statement_draw"),
    path(
        "money/statement/pdf/<str:token>/", views.money_statement_file, name="money_statement_file"
    ),
    path("refunds/<uuid:public_id>/", views.refund, name="refund"),
    path("refunds/<uuid:public_id>/arrived/", views.refund_arrived, name="refund_arrived"),
    path("refunds/<uuid:public_id>/nudge/", views.refund_nudge, name="refund_nudge"),
    path("orders/<str:code>/pay/", views.pay, name="pay"),
    path("orders/<str:code>/pay/transfer/", views.pay_transfer, name="pay_transfer"),
    path("orders/<str:code>/pay/sheet/", views.pay_sheet, name="pay_sheet"),
    path("orders/<str:code>/pay/status/", views.pay_status, name="pay_status"),
]
