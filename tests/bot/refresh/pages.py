"""Pages in many styles, as sites write them: English, German and French, correct and broken HTML."""

LIST = """<!doctype html><html lang=en><head><title>Papers at SLEEP 2026</title></head><body>
<h1>A guide to our papers at SLEEP 2026</h1><p>What our teams bring to this year's meeting.</p>
<h2>Counting</h2><ul>
<li><a href="/p/sheep.pdf">Counting sheep with few labels</a><br>Ada Moss, Ben Ray, Chloe Winter</li>
<li><a href="/p/goats.pdf">Goats that will not be counted</a><br>Dan Hill, Eva Holt</li></ul>
<h2>Dreaming</h2><ul>
<li><a href="/p/dream.pdf">Dreams as latent variables</a><br>Fay Stone, Gus Lake</li></ul></body></html>"""

TABLE = """<!doctype html><html lang=en><head><meta charset=utf-8><title>Accepted papers, KITE 2025</title></head>
<body><h1>Accepted papers at KITE 2025</h1><table><thead><tr><th>Title</th><th>Authors</th><th>Session</th></tr>
</thead><tbody>
<tr><td>Low kites in high winds</td><td>Hana Park, Ivo Reed</td><td>Winds</td></tr>
<tr><td>Strings that hold under load</td><td>Jo Berg, Kim Vale</td><td>Strings</td></tr></tbody></table>
</body></html>"""

GERMAN = """<!doctype html><html lang=de><head><title>Beiträge zur KUCHEN 2026</title></head><body>
<h1>Unsere Beiträge zur KUCHEN 2026</h1><h2>Teig</h2>
<h3>Hefe und Zeit in großen Öfen</h3><p>von Lena Groß, Max Böhm</p><p>Der Teig geht langsam auf.</p>
<h3>Zucker ohne Süße im Rührteig</h3><p>von Nora Weiß, Otto Kühn</p><p>Ein Teig ganz ohne Zucker.</p>
</body></html>"""

FRENCH = """<!doctype html><html lang=fr><head><title>Nos offres d'emploi</title></head><body>
<h1>Nos offres d'emploi</h1>
<div class=offre><h2>Research Scientist, Boulangerie</h2><p>Lieu : Paris, France</p><p>Équipe : Pain</p>
<p>Vous étudiez la levée des pâtes et vous aimez les fours à bois.</p></div>
<div class=offre><h2>Applied Scientist, Pâtisserie</h2><p>Lieu : Lyon, France</p><p>Équipe : Gâteaux</p>
<p>Vous mesurez le feuilletage et le beurre de chaque croissant.</p></div></body></html>"""

JOB_TABLE = """<!doctype html><html lang=en><head><title>Openings</title></head><body><h1>Openings</h1>
<table><tr><th>Role</th><th>Location</th><th>Team</th></tr>
<tr><td><a href="/jobs/1">Applied Scientist, Kites</a></td><td>Berlin, Germany</td><td>Winds</td></tr>
<tr><td><a href="/jobs/2">Research Scientist, Sails</a></td><td>Madrid, Spain</td><td>Strings</td></tr></table>
</body></html>"""

ARTICLE = """<!doctype html><html lang=en><head><title>How bridges hum | The Bridge Lab</title>
<meta property="article:published_time" content="2026-02-11">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"BlogPosting",
"headline":"How bridges hum","datePublished":"2026-02-11","author":{"@type":"Person","name":"Pia Dorn"}}</script>
</head><body><nav><a href="/">Home</a></nav><article><h1>How bridges hum</h1>
<p>A bridge of steel hums at seven hertz when the wind comes from the west.</p>
<h2>Dampers</h2><p>Two dampers of oil take nine tenths of the hum away.</p></article></body></html>"""

BROKEN = """<html><title>Workshop papers TIDE 2024</title><body>
<h1>Workshop papers at TIDE 2024</h1><h2>Currents</h2>
<ul><li><a href=/p/eddies.pdf>Eddies that carry salt far away</a><br><i>Quinn Shaw, Rita Lund</i>
<li><a href=/p/moons.pdf>Moons that pull at shallow seas</a><br><i>Sam Fox, Tess Wolf</i></ul>
</div></p></table><p>The end"""

LATIN = """<html><head><title>Notes</title></head><body><h1>Notes on façades</h1>
<p>The façades of Zürich are cleaned in May, at night, with soft brushes.</p></body></html>"""

MARKDOWN = """# Papers at MOSS 2025

## Slow growth

### Lichens that outlive their walls

Authors: Uma Dale, Vic Frost

Walls fall, lichens stay.
"""

GUIDES = {"/guide/list": LIST, "/guide/table": TABLE, "/guide/german": GERMAN, "/guide/broken": BROKEN}
JOBS = {"/jobs/french": FRENCH, "/jobs/table": JOB_TABLE}
STYLES = {**GUIDES, **JOBS, "/news/article": ARTICLE, "/news/latin": LATIN, "/notes/moss.md": MARKDOWN}
"""By path the pages of the site; the one in Latin-1 and the one in Markdown are served as such."""

PAPERS = {
    "Counting sheep with few labels": ("Ada Moss", "Ben Ray", "Chloe Winter"),
    "Goats that will not be counted": ("Dan Hill", "Eva Holt"),
    "Dreams as latent variables": ("Fay Stone", "Gus Lake"),
    "Low kites in high winds": ("Hana Park", "Ivo Reed"),
    "Strings that hold under load": ("Jo Berg", "Kim Vale"),
    "Hefe und Zeit in großen Öfen": ("Lena Groß", "Max Böhm"),
    "Zucker ohne Süße im Rührteig": ("Nora Weiß", "Otto Kühn"),
    "Eddies that carry salt far away": ("Quinn Shaw", "Rita Lund"),
    "Moons that pull at shallow seas": ("Sam Fox", "Tess Wolf"),
    "Lichens that outlive their walls": ("Uma Dale", "Vic Frost"),
}
POSTS = {
    "Research Scientist, Boulangerie": ("FR", "Paris"),
    "Applied Scientist, Pâtisserie": ("FR", "Lyon"),
    "Applied Scientist, Kites": ("DE", "Berlin"),
    "Research Scientist, Sails": ("ES", "Madrid"),
}
