from django.urls import path

from catalog import views

urlpatterns = [
    path("products/", views.catalogue, name="catalogue"),
    path("products/<slug:slug>/", views.product, name="product"),
    path("suppliers/", views.suppliers, name="suppliers"),
    path("s/<slug:slug>/", views.storefront, name="storefront"),
]
