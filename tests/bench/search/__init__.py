"""The search benchmark: a generated site of full texts, judged queries, and Pagefind beside it."""
