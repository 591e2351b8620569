afterword.words({"x2lqd":[20],
"xargs":[20]})
