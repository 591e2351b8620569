afterword.words({"zabaleta":[21,28],
"zeewinkel":[20,4],
"zstd":[0],
"zw":[20]})
