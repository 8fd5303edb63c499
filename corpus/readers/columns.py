"""Names of columns and keys: which fact of a paper or a job post one holds, in English, German and Spanish."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from corpus.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterable


_NAMES = {
    "title": "title|paper title|paper|paper name|publication|headline|display name|titel|titulo|beitrag|"
    "articulo|titel des beitrags|titulo del articulo|publikation|publicacion",
    "authors": "authors|author|author names|author s|authorships|by|creator|creators|written by|autoren|autor|"
    "autor en|autoren innen|autorinnen|autorinnen und autoren|verfasser|verfasserin|autores|autoras|"
    "autor es|autores as",
    "venue": "venue|conference|journal|booktitle|container title|published in|is part of|konferenz|tagung|"
    "zeitschrift|conferencia|congreso|revista|journal ref",
    "year": "year|publication year|pub year|jahr|erscheinungsjahr|ano|ano de publicacion|"
    "jahr der veroffentlichung",
    "text": "abstract|summary|description|job description|details|text|content|tldr|tl dr|body|"
    "description plain|zusammenfassung|kurzfassung|beschreibung|stellenbeschreibung|aufgaben|resumen|"
    "descripcion|descripcion del puesto|contenido|about the role|article body",
    "url": "url|link|href|web|website|homepage|pdf|pdf url|paper url|job url|apply url|application url|"
    "absolute url|hosted url|same as|adresse|bewerbungslink|enlace|vinculo|external apply link",
    "doi": "doi",
    "role": "job title|position|position title|role|role title|vacancy|opening|posting title|stelle|"
    "stellentitel|stellenbezeichnung|stellenangebot|berufsbezeichnung|puesto|puesto de trabajo|cargo|"
    "vacante|oferta|titulo del puesto",
    "place": "location|locations|place|job location|work location|office|standort|ort|arbeitsort|einsatzort|"
    "dienstort|ubicacion|lugar|localidad|lugar de trabajo|sede",
    "city": "city|town|stadt|ciudad|address locality",
    "region": "region|state|province|bundesland|provincia|address region",
    "country": "country|land|pais|address country",
    "team": "team|department|departments|group|business unit|division|org unit|abteilung|bereich|fachbereich|"
    "equipo|departamento|employment unit|grupo",
    "company": "company|employer|organization|organisation|hiring organization|firma|unternehmen|arbeitgeber|"
    "empresa|company name|institution|institut|empleador",
    "posted": "posted|date posted|posted on|posted at|posting date|post date|ausgeschrieben am|eingestellt am|"
    "online seit|veroffentlicht am|fecha de publicacion|publicado|publicado el|publicada el|"
    "listed on|open since|created at",
    "date": "date|published|published on|published at|publication date|date published|datum|fecha|submitted|"
    "issued|veroffentlichungsdatum|erscheinungsdatum|first published|online date",
    "closes": "closes|closing date|deadline|apply by|application deadline|valid through|expires|"
    "expiration date|closes on|bewerbungsfrist|bewerbungsschluss|frist|bewerben bis|einsendeschluss|"
    "fecha limite|plazo|cierre|fecha de cierre|fecha limite de solicitud|plazo de solicitud",
    "topic": "topic|topics|section|track|session|primary area|area|research area|subject|thema|themen|rubrik|"
    "kategorie|sitzung|schwerpunkt|tema|seccion|categoria|sesion|category",
}
_FACTS = {name: fact for fact, names in _NAMES.items() for name in names.split("|")}


@cache
def fact_of(name: str) -> str | None:
    """The fact that a column or key of this name holds ("Fecha límite": "closes"); None for an unknown one."""
    said = folded(_parted(name[:60]))
    return _FACTS.get(said)


def _parted(name: str) -> str:
    """A name with the words of "datePosted" and "date_posted" apart."""
    small = False
    parted = []
    for character in name.replace("_", " "):
        parted.append(f" {character}" if small and character.isupper() else character)
        small = character.islower()
    return "".join(parted)


_SPOKEN = {
    "de": "titel|autoren|jahr|ort|standort|beschreibung|zusammenfassung|stelle|abteilung|bewerbungsfrist|"
    "frist|datum",
    "es": "titulo|autores|ano|lugar|ubicacion|descripcion|resumen|puesto|departamento|fecha|fecha limite|enlace",
}


def language_of(names: Iterable[str]) -> str | None:
    """The language that names of columns are in; English tells nothing of how days are written there."""
    said = {folded(name) for name in names}
    for language, words in _SPOKEN.items():
        if len(said & set(words.split("|"))) > 1:
            return language
    return None
