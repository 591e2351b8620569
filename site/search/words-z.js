afterword.words({"zabaleta":[21,24],
"zeewinkel":[20,4],
"zstd":[0],
"zw":[20]})
