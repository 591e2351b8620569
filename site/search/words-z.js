afterword.words({"zabaleta":[25,32],
"zeewinkel":[24,4],
"zstd":[0],
"zw":[24]})
