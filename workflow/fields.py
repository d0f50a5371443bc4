"""The field that holds a state and lets only transitions move it."""

from django_fsm import FSMField, FSMFieldDescriptor


class StateDescriptor(FSMFieldDescriptor):
    def __set__(self, instance, value):
        if instance.reloading:
            self.field.set_state(instance, value)
        else:
            super().__set__(instance, value)


class StateField(FSMField):
    """A state that only transitions move. Assigning to it is an error.

    django_fsm's own mixin lets a row reload by lifting the protection from the class,
    for all threads at once; here only the instance being reloaded is open.
    """

    descriptor_class = StateDescriptor

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"protected": True, "max_length": 30, **kwargs})
