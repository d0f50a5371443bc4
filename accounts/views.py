"""A person's own settings, and the one-click sign-in of the demo."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.demo_people import DEMO_PEOPLE
from accounts.forms import ProfileForm
from accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """Name, language and time zone; the pages speak the new language from the next one on."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        with translation.override(user.language):
            messages.success(request, _("Saved."))
            answer = redirect("profile")
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return answer
    status = 422 if form.is_bound else 200
    return render(request, "account/profile.html", {"form": form}, status=status)


@require_POST
def demo_login(request):
    """Sign in as one of the people of the demo, without their password."""
    email = request.POST.get("email", "")
    if not settings.DEMO or email not in {person.email for person in DEMO_PEOPLE}:
        raise Http404
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        messages.error(request, _("The demo has no such person yet. Load the demo data first."))
        return redirect("account_login")
    login(request, user, backend=BACKEND)
    return redirect("home")
