"""What people fill in to talk about an order."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 5000
MOST_FILES = 10


class FileInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files, each checked like one."""

    widget = FileInput

    def clean(self, data, initial=None):
        files = [super(ManyFilesField, self).clean(one, initial) for one in data or [] if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most %(n)d files.") % {"n": MOST_FILES})
        return files


class MessageForm(forms.Form):
    """A message to the other side, with files if there are any."""

    text = forms.CharField(
        label=_("Message"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a message or choose a file.")},
    )
    files = ManyFilesField(label=_("Files"), required=False)

    def __init__(self, data=None, files=None):
        super().__init__(data, files)
        if files and files.getlist("files"):
            self.fields["text"].required = False
