afterword.words({"yaml":[24],
"yearly":[0],
"years":[24,4],
"yes":[16,8,4,8,16,12],
"yet":[20,4,28],
"your":[8,12,4,5,8,16]})
