"""Forms with a file, read in memory."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from homeroom.errors import BadInput


class InMemory(MultiPartParser):
    """Starlette's parser, which writes nothing to disk: the limit of a body is far below."""

    spool_max_size = 50_000_000


async def sent_form(request: Request, *, fields: int, most: int, refusal: str) -> FormData:
    """Return a form with at most one file; who asks for it closes it.

    Parameters
    ----------
    request
        Its body is the form.
    fields
        How many fields it may have besides the file.
    most
        Bytes that its file or a field may have.
    refusal
        What to say of a form that cannot be read.

    Raises
    ------
    BadInput
        The form is broken, or longer than that.
    """
    parser = InMemory(
        request.headers, request.stream(), max_files=1, max_fields=fields, max_part_size=most
    )
    try:
        return await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BadInput(refusal) from error
