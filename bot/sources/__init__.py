"""Sources: feeds, sitemaps, pages with links, pages and folders that are looked at again and again."""
