"""Forms of records: every field as something to fill in, and what was filled in as a payload."""

from lull.web.forms.fields import Field, Kind, fields_of_record
from lull.web.forms.filled import Filled, blank, of_payload, of_post

__all__ = ["Field", "Filled", "Kind", "blank", "fields_of_record", "of_payload", "of_post"]
