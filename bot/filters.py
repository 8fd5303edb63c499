"""Makes filters from a kind and a digest as users name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import NotFoundError
from corpus.model import Kind
from corpus.store import Filter
from corpus.text import folded

if TYPE_CHECKING:
    from corpus.store import Store


def narrowed(
    store: Store,
    kind: Kind | str | frozenset[Kind] | None,
    digest: str | None,
    scope: int | None,
    *,
    gone: bool = False,
) -> Filter:
    """Return the filter of a kind or kinds, a digest (by id or title) and a scope.

    ``gone`` includes documents that their source no longer has. Raises NotFoundError.
    """
    kinds = kind if kind is None or isinstance(kind, frozenset) else frozenset({kind_of(kind)})
    return Filter(scope, kinds, _documents(store, digest, scope, gone=gone), gone)


def kind_of(kind: Kind | str) -> Kind:
    """Return a kind by its name. Raises NotFoundError."""
    try:
        return Kind(kind)
    except ValueError:
        raise NotFoundError(f"no kind {kind!r}; there are {', '.join(Kind)}") from None


def _documents(store: Store, digest: str | None, scope: int | None, *, gone: bool) -> frozenset[str] | None:
    if digest is None:
        return None
    digests = [d for d in store.standing() if d.scope in (None, scope) and (gone or not d.gone)]
    wanted = folded(digest)
    matches = [d.id for d in digests if d.id == digest]  # an id is one document's, a title may be several's
    matches = matches or [d.id for d in digests if wanted and wanted in (folded(d.id), folded(d.title))]
    if not matches:
        raise NotFoundError(f"no digest {digest!r}; `digestbot list digests` shows what there is")
    return frozenset(matches)
