"""The form of an operation in the back office: it knows the record it is about."""

from django import forms


class OperationForm(forms.Form):
    """Its cleaned data are the operation's arguments, nothing else."""

    def __init__(self, *args, subject, **kwargs):
        super().__init__(*args, **kwargs)
        self.subject = subject
