afterword.words({"x2lqd":[24],
"xargs":[24]})
