"""Choosing photos: several at once, each a picture; what it shows in a few words."""

from django import forms
from django.utils.translation import gettext_lazy


class _Several(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Any number of files; what they are is checked when they are kept."""

    widget = _Several(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data, initial=None):
        chosen = data if isinstance(data, list | tuple) else [data]
        if self.required and not any(chosen):
            super().clean(None, initial)
        return [super(PhotosField, self).clean(one, initial) for one in chosen if one]


class PhotosForm(forms.Form):
    """Photos of one line, or of the visit as a whole."""

    photos = PhotosField(
        label=gettext_lazy("Photos"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG or WebP, up to 15 MB each. Both sides see them later."),
        error_messages={
            "required": gettext_lazy("Choose at least one photo."),
            "empty": gettext_lazy("The file is empty. Choose another photo."),
        },
    )
    caption = forms.CharField(
        label=gettext_lazy("What they show"),
        required=False,
        max_length=200,
        error_messages={"max_length": gettext_lazy("Use at most 200 characters.")},
    )

    def __init__(self, *args, must=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photos"].required = must
