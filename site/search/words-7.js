afterword.words({"705":[20],
"770":[24]})
