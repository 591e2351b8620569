afterword.words({"yaml":[20],
"yearly":[0],
"years":[20,4],
"yes":[12,8,4,8,12,12],
"yet":[16,4,24],
"your":[4,12,4,5,8,12]})
